"""What every page says about its night: date, cut-off, revision, policy, what was missing."""

from datetime import date

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.inputs import Notes


def flags_of(notes: Notes, t: Catalogue, *, restated: bool) -> tuple[Fact, ...]:
    """What makes this night unlike others, to be seen at once."""
    flags = []
    if restated:
        flags.append(Fact(t("flag.restated"), t("flag.restated_note"), "strong"))
    if notes.covers_days > 1:
        flags.append(Fact(t("flag.covers", n=notes.covers_days), t("flag.covers_note")))
    if notes.calendar_provisional:
        flags.append(Fact(t("flag.provisional"), t("flag.provisional_note")))
    if not notes.point_in_time:
        flags.append(Fact(t("flag.reconstructed"), t("flag.reconstructed_note")))
    return tuple(flags)


def notes_of(business_date: date, revision: int, notes: Notes, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    """The footer: enough to find this night again and to know what it did not see."""
    data_to = notes.data_to or business_date
    age = (notes.morning - data_to).days
    facts = [
        Fact(t("note.data_to"), t("note.data_to_value", day=f.day(data_to), age=t("note.days", n=age))),
        Fact(t("note.cutoff"), f"{f.instant(notes.cutoff, notes.zone)} ({notes.zone})"),
        Fact(t("note.revision"), t("revision", n=revision)),
        Fact(t("note.policy"), notes.policy_version),
        Fact(t("note.currency"), t("note.currency_value", ccy=notes.base_ccy)),
    ]
    if notes.uncalibrated:
        facts.append(Fact(t("note.thresholds"), t("note.uncalibrated"), "caution"))
    if notes.not_supplied:
        tables = t("list.join").join(t.label("table", name) for name in sorted(notes.not_supplied))
        facts.append(Fact(t("note.not_supplied"), t("note.not_supplied_value", tables=tables), "caution"))
    if notes.calendar_provisional:
        facts.append(Fact(t("note.calendar"), t("flag.provisional_note"), "caution"))
    if not notes.point_in_time:
        facts.append(Fact(t("note.known_at"), t("flag.reconstructed_note"), "caution"))
    return tuple(facts)
