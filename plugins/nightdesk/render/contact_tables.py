"""The tables of a branch's contact plan and of the pack of whoever takes clients over: columns as in book_tables."""

from nightdesk.render.table_spec import SectionSpec, table_of

_COUNTS = (
    "asked_count:count done_count:count done_late_count:count open_count:count overdue_count:count missed_count:count "
    "coverage_pct:pct"
)
_WHOSE = "staff:prose acting:known:text"

#: the "2" and the "N" have the same columns, one after the other
CONTACT_PLAN: tuple[SectionSpec, ...] = (
    SectionSpec(
        "contact_kept",
        (
            table_of(
                "tasks_contact_page.contact_fixed",
                f"kind:code/owed_contact {_COUNTS}",
                "place kind",
                rests_on="contact",
            ),
            table_of(
                "tasks_contact_page.contact_special",
                f"event:known:code/contact_event {_COUNTS}",
                "place event",
                rests_on="contact",
            ),
        ),
        (
            table_of(
                "tasks_contact_page.contact_closed",
                "client:prose kind:code/owed_contact event:known:code/contact_event due_on:day done_on:known:day "
                "state:code/contact_state staff:prose",
                "place -due_on client_id kind event",
                rests_on="contact",
            ),
            table_of(
                "tasks_contact_page.contact_lost",
                "client:prose closed_on:day last_on:day silent_days:count staff:prose",
                "-silent_days client_id",
                rests_on="contact",
            ),
        ),
    ),
    SectionSpec(
        "contact_person",
        (
            table_of(
                "tasks_contact_page.contact_person",
                "staff:prose carried_count:count is_over_capacity:flag "
                "fixed_done_count:count fixed_open_count:count fixed_overdue_count:count fixed_missed_count:count "
                "fixed_coverage_pct:pct special_done_count:count special_open_count:count special_overdue_count:count "
                "special_missed_count:count special_coverage_pct:pct",
                "staff_id",
            ),
        ),
        (
            table_of(
                "tasks_contact_page.contact_owner",
                f"client:prose {_WHOSE} away_until:known:day handed_on:known:day handed_from:known:text "
                "issue:known:code/owner_issue",
                "-handed_on staff_id client_id",
            ),
        ),
    ),
    SectionSpec(
        "contact_client",
        (
            table_of(
                "tasks_contact_page.contact_client",
                "client:prose tier:code/tier next_touch_on:day late_days:known:count staff:prose counted_on:day "
                "fixed_done_count:count fixed_open_count:count fixed_missed_count:count special_done_count:count "
                "special_open_count:count special_missed_count:count remark:prose:said",
                "next_touch_on -late_days client_id",
                by="client_id",
                listed="contact_open",
                rests_on="contact",
            ),
        ),
        (
            table_of(
                "tasks_contact_page.contact_open",
                f"client:prose due_on:day late_days:known:count kind:code/owed_contact event:known:code/contact_event "
                f"{_WHOSE}",
                "due_on client_id kind event",
                groups="client_id",
                rests_on="contact",
            ),
        ),
    ),
    SectionSpec(
        "contact_visit",
        (
            table_of(
                "tasks_contact_page.contact_visit",
                "client:prose visit_on:day visit_kind:code/post_loan_kind loan_id:text item_count:count "
                f"bases:prose:codes/post_loan_basis due_on:day {_WHOSE}",
                "visit_on client_id due_on visit_kind loan_id",
            ),
        ),
    ),
    SectionSpec(
        "contact_promise",
        (
            table_of(
                "tasks_contact_page.contact_promise",
                "client:prose staff:prose made_on:day due_on:day kept_on:known:day state:code/promise_state "
                "late_days:known:count",
                "due_on client_id promise_id",
                rests_on="promise",
            ),
        ),
    ),
    SectionSpec(
        "contact_group",
        (
            table_of(
                "tasks_contact_page.contact_group",
                "occurred_on:day staff:prose client_count:count tiered_count:count",
                "-occurred_on staff_id",
                rests_on="contact",
            ),
        ),
    ),
)

HANDOVER: tuple[SectionSpec, ...] = (
    SectionSpec(
        "handover_client",
        (
            table_of(
                "tasks_handover_page.handover_client",
                "client:prose handover:code/handover from_staff:text since_on:day until_on:day tier:code/tier "
                "colour:code/colour exposure_amt:amount next_touch_on:day task_count:count late_count:count",
                "next_touch_on client_id handover",
                by="client_id",
                listed="handover_task",
            ),
        ),
        (
            table_of(
                "tasks_handover_page.handover_task",
                "client:prose kind:code/kind indicator:text due_on:day late_days:known:count",
                "client_id due_on kind task_key",
                groups="client_id",
            ),
        ),
    ),
    SectionSpec(
        "handover_promise",
        (
            table_of(
                "tasks_handover_page.handover_promise",
                "client:prose staff:prose made_on:day due_on:day state:code/promise_state",
                "due_on client_id promise_id",
                rests_on="promise",
            ),
            table_of(
                "tasks_handover_page.handover_need",
                "client:prose need_kind:code/need need_amt:amount raised_on:day wanted_on:day",
                "raised_on client_id need_id",
                rests_on="need",
            ),
        ),
    ),
    SectionSpec(
        "handover_check",
        (
            table_of(
                "tasks_handover_page.handover_visit",
                "client:prose visit_on:day item_count:count",
                "visit_on client_id",
            ),
            table_of(
                "tasks_handover_page.handover_check",
                "client:prose loan_id:text check_kind:code/post_loan_kind check_basis:code/post_loan_basis due_on:day "
                "late_days:known:count done_on:known:day",
                "due_on client_id loan_id check_kind subject",
                rests_on="loan",
            ),
        ),
    ),
)


def models_of(sections: tuple[SectionSpec, ...]) -> tuple[str, ...]:
    """The models that a page's tables are made of, each once."""
    tables = (table for section in sections for table in (*section.summaries, *section.lists))
    return tuple(dict.fromkeys(table.model for table in tables))
