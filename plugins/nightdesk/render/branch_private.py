"""What a list does not say of a natural person without credit here: what went in and out of its accounts.

A bank may look after such a person; a mail is no place for its flows. What names no flow stays as it is, so that a kind
of task that comes later is kept quiet until somebody says that it may be told.
"""

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.rows import Row, decimal_of, flag_of, text_of

#: kinds of task whose words name no amount, balance or payment
TOLD_KINDS = frozenset(
    {
        "contact",
        "esg_review",
        "override_expiry",
        "override_request",
        "override_review",
        "promise",
        "tier_attention",
        "tier_change",
        "use_of_funds_check",
        "watch_decision",
        "watch_review",
    }
)
#: events that a special contact may be asked for whose words name none either
TOLD_EVENTS = frozenset(
    {
        "complaint",
        "handover",
        "incident",
        "key_person",
        "lawsuit",
        "milestone",
        "opportunity",
        "report_due",
        "report_overdue",
    }
)
#: colours of those who owe nothing, or of whom that is not known
_WITHOUT_CREDIT = frozenset({None, "none", "no_credit", "not_assessed"})


def is_private(client: Row, warned: Row, task: Row) -> bool:
    """Whether a client is a natural person of whom no credit is known: no colour, and no exposure."""
    if not flag_of(client, "is_natural_person"):
        return False
    colour = text_of(warned, "colour") or text_of(task, "colour")
    return colour in _WITHOUT_CREDIT and not decimal_of(task, "exposure_amt")


def without_flows(row: Row, t: Catalogue) -> Row:
    """The task of such a person: which kind, whose and by when, and that the figures stand in the bank's own system."""
    event = (text_of(row, "subject") or "").partition("/")[0] if row.get("kind") == "special_contact" else None
    if row.get("kind") in TOLD_KINDS or event in TOLD_EVENTS:
        return row
    told, step = t("private.reason"), t("private.next_step")
    return {**row, "reason_zh": told, "reason_en": told, "next_step_zh": step, "next_step_en": step}
