"""What every page says about its night: date, cut-off, revision, policy, what was missing."""

from datetime import date

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.missing import missing_words, release_words, table_words


def flags_of(notes: Notes, t: Catalogue, *, restated: bool) -> tuple[Fact, ...]:
    """What makes this night unlike others, to be seen at once."""
    flags = []
    if restated:
        flags.append(Fact(t("flag.restated"), t("flag.restated_note"), "strong"))
    if notes.released:
        flags.append(Fact(t("flag.released"), release_words(notes.released, t), "strong"))
    if notes.covers_days > 1:
        flags.append(Fact(t("flag.covers", n=notes.covers_days), t("flag.covers_note")))
    if notes.calendar_provisional_from:
        flags.append(Fact(t("flag.provisional"), _provisional(notes.calendar_provisional_from, t)))
    if notes.gone:
        flags.append(Fact(t("flag.gone"), t("flag.gone_note", what=missing_words(notes.gone, notes, t)), "strong"))
    if notes.reconstructed:
        flags.append(Fact(t("flag.reconstructed"), t("flag.reconstructed_note", n=len(notes.reconstructed))))
    return tuple(flags)


def unassessed_of(notes: Notes, t: Catalogue) -> str:
    """What is supplied and not looked at, as one sentence; empty where there is no such table."""
    found = notes.unassessed
    parts = {"tables": found.tables, "floor_only": found.floor_only, "deeds_only": found.deeds_only}
    return t("note.and").join(
        t(f"note.unassessed_{part}", tables=table_words(tables, t)) for part, tables in parts.items() if tables
    )


def notes_of(revision: int, notes: Notes, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    """The footer: enough to find this night again and to know what it did not see."""
    data_to = t("note.data_to_none")
    if notes.data_to is not None:
        age = t("note.days", n=(notes.morning - notes.data_to).days)
        data_to = t("note.data_to_value", day=f.day(notes.data_to), age=age)
    facts = [
        Fact(t("note.data_to"), data_to),
        Fact(t("note.cutoff"), f"{f.instant(notes.cutoff, notes.zone)} ({notes.zone})"),
        Fact(t("note.revision"), t("revision", n=revision)),
        Fact(t("note.policy"), notes.policy_version),
        Fact(t("note.currency"), t("note.currency_value", ccy=notes.base_ccy)),
    ]
    if notes.uncalibrated:
        facts.append(Fact(t("note.thresholds"), t("note.uncalibrated"), "caution"))
    if notes.not_supplied:
        tables = table_words(sorted(notes.not_supplied), t)
        facts.append(Fact(t("note.not_supplied"), t("note.not_supplied_value", tables=tables), "caution"))
    if unassessed := unassessed_of(notes, t):
        facts.append(Fact(t("note.unassessed"), unassessed, "caution"))
    if notes.calendar_provisional_from:
        facts.append(Fact(t("note.calendar"), _provisional(notes.calendar_provisional_from, t), "caution"))
    if notes.reconstructed:
        tables = table_words(notes.reconstructed, t)
        facts.append(Fact(t("note.known_at"), t("note.reconstructed", tables=tables), "caution"))
    return tuple(facts)


def amounts_of(t: Catalogue) -> tuple[Fact, ...]:
    """What is in each of the two amounts that a page has of what is lent: said once, in the footer."""
    return (exposure_note(t), Fact(t("esg.outstanding"), t("term.outstanding")))


def exposure_note(t: Catalogue) -> Fact:
    """What an exposure is more than the balance beside it."""
    return Fact(t("esg.exposure"), t("term.exposure"))


def exposure_foot(t: Catalogue) -> str:
    """The same as a line of a foot."""
    note = exposure_note(t)
    return f"{note.label}{t('list.colon')}{note.value}"


def _provisional(first_day: date, t: Catalogue) -> str:
    return t("flag.provisional_note", day=first_day.isoformat())
