"""The tables of a scorecard, of a branch's scorecards, and of the week of a branch: columns as in table_spec.

What a measure's list shows goes by how policy adds it up, so that a reader can do the same: no measure is named here.
"""

from nightdesk.render.table_spec import SectionSpec, TableSpec, table_of

_WHAT = "client:prose subject:text"
#: columns of a measure's rows, by its aggregate
_ROWS = {
    "ratio": f"{_WHAT} due_on:day on_date:day outcome:code/scorecard_outcome counted:number out_of:number",
    "shrunk_mean": f"{_WHAT} on_date:day counted:number",
    "sum": "client:prose base_amt:exact value_amt:exact days_owned:count outcome:code/scorecard_outcome counted:exact",
    "deduction": f"{_WHAT} due_on:day on_date:day outcome:code/scorecard_outcome counted:number",
    "none_allowed": "subject:text due_on:day on_date:day outcome:code/scorecard_outcome counted:number",
}

_MEASURES = table_of(
    "people.scorecard_measure",
    "measure_name:prose actual:measured target:measured score:number weight:count points:number n:count "
    "not_assessed:code/scorecard_why",
    "staff_name place",
)
_RECKONED = table_of(
    "people.scorecard_reckoned", "measure_name:prose formula:prose reckoned:prose score_reckoned:text", "place"
)
_CHECKS = table_of(
    "people.scorecard_check",
    "check_name:prose marked_count:count out_of_count:count share_pct:pct least_count:count least_share_pct:pct "
    "is_caught:flag",
    "check_name",
)
_MARKS = table_of("people.scorecard_mark", f"check_name:prose {_WHAT} on_date:day", "check_name on_date subject")
_SUGGESTED = table_of(
    "people.scorecard_training", "course:text kind_name:text miss_count:count least_count:count", "course kind_name"
)
_CHANGES = table_of(
    "people.scorecard_change",
    "measure_name:prose what:prose:code/scorecard_change was:prose becomes:prose",
    "place what was",
)


def rows_table(measure: str, aggregate: str) -> TableSpec:
    """The list of what a measure counts."""
    return table_of(f"people.scorecard_{measure}", _ROWS[aggregate], "due_on on_date client subject")


def scorecard_sections(measures: dict[str, str], *, is_revised: bool) -> tuple[SectionSpec, ...]:
    """The sections of one person's scorecard; `measures`: their aggregates, in the order of the page."""
    lists = tuple(rows_table(measure, aggregate) for measure, aggregate in measures.items())
    changed = (SectionSpec("scorecard_change", (_CHANGES,)),) if is_revised else ()
    return (
        SectionSpec("scorecard_result", (_MEASURES, _RECKONED), lists),
        *changed,
        SectionSpec("scorecard_check", (_CHECKS,), (_MARKS,)),
        SectionSpec("scorecard_training", (_SUGGESTED,)),
    )


#: a branch's people beside each other, in the order of their names: no ranking
BRANCH_SCORECARDS: tuple[SectionSpec, ...] = (
    SectionSpec(
        "scorecard_people",
        (
            table_of(
                "people.scorecard_person",
                "staff:prose total:number assessed_weight:count gate:code/scorecard_gate "
                "gate_reason:code/scorecard_gate_reason clients_owned:count checks_caught:count",
                "staff_id",
            ),
        ),
        (
            table_of(
                "people.scorecard_score",
                "staff:prose measure_name:prose actual:measured target:measured score:number weight:count n:count "
                "not_assessed:code/scorecard_why",
                "staff_id place",
            ),
        ),
    ),
)

WEEKLY: tuple[SectionSpec, ...] = (
    SectionSpec(
        "weekly_work",
        (
            table_of(
                "tasks_weekly.work",
                "staff:prose done_count:count done_late_count:count contact_count:count missed_count:count "
                "open_count:count late_count:count capacity:count beyond_count:count clients_owned:count "
                "clients_carried:count is_over_capacity:flag",
                "staff_id",
                by="staff_id",
                listed="late",
            ),
        ),
        (
            table_of(
                "tasks_weekly.late",
                "staff:prose client:prose kind:code/kind colour:code/colour due_on:day late_days:known:count",
                "staff_id -late_days client_id",
                groups="staff_id",
            ),
            table_of(
                "tasks_weekly.missed",
                "staff:prose client:prose kind:code/owed_contact due_on:day",
                "staff_id due_on client_id",
                rests_on="contact",
            ),
        ),
    ),
    SectionSpec(
        "weekly_alarm",
        (
            table_of(
                "tasks_weekly.false_alarm",
                "indicator_text:text amber_value:number red_value:number answered_count:count false_count:count "
                "false_share_pct:pct is_proposed:flag",
                "-false_share_pct indicator",
                rests_on="task_feedback",
            ),
        ),
    ),
    SectionSpec(
        "weekly_promise",
        (
            table_of(
                "tasks_weekly.promise",
                "staff:prose client:prose due_on:day kept_on:known:day state:code/promise_told",
                "staff_id due_on client_id",
                rests_on="promise",
            ),
        ),
    ),
    SectionSpec(
        "weekly_money",
        (
            table_of(
                "tasks_weekly.money",
                "client:prose staff:prose direction:code/money_direction move_amt:amount balance_amt:amount",
                "-direction -move_size client_id",
            ),
        ),
    ),
    SectionSpec(
        "weekly_need",
        (
            table_of(
                "tasks_weekly.need",
                "client:prose staff:prose kind:code/need need_amt:amount status:code/need_outcome "
                "lost_reason:code/lost_reason closed_on:day",
                "status client_id need_id",
                rests_on="need",
            ),
            table_of(
                "tasks_weekly.need_lost",
                "lost_reason:code/lost_reason lost_week_count:count lost_count:count decided_count:count "
                "lost_share_pct:pct lost_amt:amount",
                "-lost_count lost_reason",
                rests_on="need",
            ),
            table_of(
                "tasks_weekly.need_risk",
                "risk_outcome:code/need_risk need_count:count of_count:count share_pct:pct funded_amt:amount",
                "place",
                rests_on="need",
            ),
        ),
    ),
    SectionSpec(
        "weekly_people",
        (
            table_of(
                "tasks_weekly.thanks", "staff:prose thanked_for:code/thanked_for times:count", "staff_id thanked_for"
            ),
            table_of(
                "tasks_weekly.certificate",
                "staff:prose course_name:text state:code/certificate_state expires_on:day is_gate:flag",
                "staff_id course",
                rests_on="training",
            ),
            table_of(
                "tasks_training.suggested",
                "staff:prose course_name:text kind:code/kind miss_count:count least_count:count",
                "staff_id course kind",
            ),
        ),
    ),
)
