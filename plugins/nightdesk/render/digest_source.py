"""What the head-office digest is made of: rows of the night, names and words, and how its sections are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import Notes
from nightdesk.render.rows import Row

#: rows of a section on the page; what is beyond them is counted, and the export that has it is named
SHOWN = 200
COLOURS = ("red", "orange", "amber", "blue", "green", "not_assessed", "no_credit")
RANK = {colour: place for place, colour in enumerate(COLOURS)}
#: sections in their order, and the export that holds all of each
EXPORTS = {
    "move": "warning",
    "drift": "loan_class",
    "watch_decision": "watch",
    "watch_review": "watch",
    "exit_plan": "exit_plan",
    "esg_approval": "esg_due",
    "esg_rework": "esg_due",
    "late": "task",
    "not_assessed": "warning",
}


@dataclass(frozen=True)
class DigestInput:
    """Rows of asked.digest_branch and asked.digest_item; `names` of companies as they are shown, on
    the page and in the workbook alike; persons have none here. `staff` are the bank's own people, by id.

    `unsent`: business_date, branch_id, status of lists that are not out. `rules`, `strategies`: words by language.
    """

    business_date: date
    revision: int
    notes: Notes
    branches: Sequence[Row]
    items: Sequence[Row]
    names: Mapping[str, str]
    rules: Mapping[str, Mapping[Language, str]]
    strategies: Mapping[str, Mapping[Language, str]]
    staff: Mapping[str, str] = field(default_factory=dict)
    unsent: Sequence[Row] = ()
