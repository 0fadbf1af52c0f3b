"""Why a decision may not be taken: judged by the SQL by which nights judge what is supplied, said in a line."""

import datetime
from dataclasses import dataclass

from nightdesk.entering.refused_because import REMEDY, SAID
from nightdesk.errors import Refused
from nightdesk.models import models
from nightdesk.policy import policy
from nightdesk.reading.published_night import PublishedNight, Rows

#: what is about to be decided, as the questions of sql/asked/ read it; of what is decided its branch and who asked
PROPOSED = {
    "decision_id": "VARCHAR",
    "subject": "VARCHAR",
    "subject_key": "VARCHAR",
    "verdict": "VARCHAR",
    "decided_by": "VARCHAR",
    "checker_id": "VARCHAR",
    "decided_on": "DATE",
    "until": "DATE",
    "branch_id": "VARCHAR",
    "maker_id": "VARCHAR",
}
#: people that a refusal names
_NAMED = 5


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to decide: about what, how, who, with which second person, until when, with which words."""

    subject: str
    subject_key: str
    verdict: str
    by: str
    checker: str | None = None
    until: datetime.date | None = None
    note: str = ""

    def cells(self) -> dict[str, str]:
        """The cells of its row but its id and its instant; what is not said is left out."""
        said = {
            "subject": self.subject,
            "subject_key": self.subject_key,
            "verdict": self.verdict,
            "decided_by": self.by,
            "checker_id": self.checker or "",
            "until": "" if self.until is None else str(self.until),
            "note": self.note,
        }
        return {name: text.strip() for name, text in said.items() if text.strip()}


def refusal(
    night: PublishedNight, wanted: Wanted, today: datetime.date, *, is_seen: bool = False
) -> tuple[str, Refused] | None:
    """Why a decision may not be taken on a night: the rule's code (empty where the night shows no such thing), and what
    there is to say; None where it may. `is_seen`: it is about what no published night shows, and is there.
    """
    found = [{"branch_id": None, "maker_id": None}]
    if not is_seen:
        found = night.inputs.ask(
            "decidable", "where subject = $s and subject_key = $k", s=wanted.subject, k=wanted.subject_key
        )
    if not found:
        return "", _unknown(wanted, night.publication.business_date)
    row = {
        **wanted.cells(),
        "decision_id": "proposed",
        "decided_on": today,
        **{name: found[0][name] for name in ("branch_id", "maker_id")},
    }
    night.engine.insert("night.proposed_decision", PROPOSED, [row])
    (judged,) = night.inputs.ask("decision_refusal")
    code = judged["refused_because"]
    return None if code is None else (str(code), _because(str(code), wanted, night))


def _unknown(wanted: Wanted, day: datetime.date) -> Refused:
    if f"asked_decidable.{wanted.subject}" not in models():
        return nothing_decided(f"no published night shows a {wanted.subject}", f"Use `nightdesk {wanted.subject}`.")
    return nothing_decided(
        f"the newest published night ({day}) has no {wanted.subject} with the key {wanted.subject_key!r}",
        f"Take the key from `nightdesk export` or from the list of {day}.",
    )


def _because(code: str, wanted: Wanted, night: PublishedNight) -> Refused:
    what, ends_with = SAID[code]
    said = what.format(verdict=wanted.verdict, subject=wanted.subject, by=wanted.by, checker=wanted.checker)
    if ends_with == "fits":
        fit = fitting(night.night.profile.name, night.publication.business_date, wanted.subject)
        return nothing_decided(said, f"Fitting are: {', '.join(fit)}.")
    if ends_with in REMEDY:
        return nothing_decided(said, REMEDY[ends_with])
    takers = night.inputs.ask("decision_taker")
    people = [row for row in takers if row[f"may_{ends_with}"]]
    # where nobody is there to check what needs it, a second person is lacking, and not one too many
    if ends_with == "check" and not any(row["may_check"] or row["needs_checker"] for row in takers):
        return nothing_decided(said, "This verdict takes no second person: leave out --checker.")
    return nothing_decided(said, f"Who may {ends_with}: {named(people)}.")


def fitting(profile: str, day: datetime.date, subject: str) -> list[str]:
    """The verdicts that may be given on a kind of thing (policy decision_rule), by name."""
    rules = policy(profile)["decision_rule"].effective(day)
    return sorted({str(row["verdict"]) for row in rules if row["subject"] == subject})


def named(people: Rows) -> str:
    """The first of some people (staff_id, role), and how many more there are."""
    first = ", ".join(f"{row['staff_id']} ({row['role']})" for row in people[:_NAMED])
    more = f" and {len(people) - _NAMED} more" if len(people) > _NAMED else ""
    return f"{first}{more}" or "nobody of tonight's register"


def nothing_decided(what: str, remedy: str) -> Refused:
    """The refusal of a decision, with what to do instead."""
    return Refused(f"nothing was decided: {what}", remedy)
