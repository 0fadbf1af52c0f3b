"""The outbox for people: a row a message, as narrow as a terminal, and what to do about those that are not out."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.table import Column, Table
from rich.text import Text

from nightdesk.bank_profile import load_profile
from nightdesk.cli.options import Lang, results
from nightdesk.errors import NightdeskError
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.desk.outbox import Item
    from nightdesk.render.catalogue import Catalogue
    from nightdesk.settings import Settings

#: dates that a remedy names
_DATES = 5


def say_table(rows: "Sequence[Item]", lang: Lang, title: str | None = None) -> None:
    """Print messages as a table, then a line for each state of theirs that wants something done."""
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.masking import masked_address

    t = catalogue(lang.value)
    # what is there to be copied is folded, never cut
    columns = {"id": 20, "status": 6, "recipient": 10, "time": 11, "detail": 10}
    table = Table(
        *(Column(t(f"cli.outbox.{name}"), overflow="fold", min_width=width) for name, width in columns.items()),
        title=title,
        title_justify="left",
    )
    zones = zones_of(rows)
    for row in rows:
        cells = (
            row.handle,
            t.label("cli.status.state", row.status),
            masked_address(row.recipient) or t("none"),
            _when(row, zones[row.profile], t),
            _detail(row, t),
        )
        table.add_row(*(plain(cell) for cell in cells))
    results.print(table)
    for line in remedies(rows, t):
        results.print(plain(line))


def remedies(rows: "Sequence[Item]", t: "Catalogue") -> list[str]:
    """What to do about those that are not out, with the command, a line a state and bank."""
    from nightdesk.desk.remedy import profile_option

    lines = []
    for state, profile in dict.fromkeys((row.status, row.profile) for row in rows):
        concerned = [row for row in rows if (row.status, row.profile) == (state, profile)]
        if f"cli.outbox.remedy.{state}" not in t.messages:
            continue
        dates = list(dict.fromkeys(str(row.business_date) for row in concerned))
        named = " ".join(f"--date {day}" for day in dates) if len(dates) <= _DATES else "--date DATE"
        named += profile_option(profile)
        said = t(f"cli.outbox.remedy.{state}", dates=named, id=concerned[0].handle)
        lines.append(
            f"{t.label('cli.status.state', state)}{t('list.aside', text=len(concerned))}{t('list.colon')}{said}"
        )
    return lines


def zones_of(rows: "Sequence[Item]") -> dict[str, tzinfo]:
    """The time zone of each bank of these rows, by profile; the set one where a profile is no more."""
    settings = get_settings()
    return {profile: _zone_of(settings, profile) for profile in {row.profile for row in rows}}


def _zone_of(settings: "Settings", profile: str) -> tzinfo:
    try:
        return load_profile(settings, profile).zone
    except NightdeskError:
        return settings.zone


def plain(text: str) -> Text:
    """Text that others wrote, a mail server or the bank, as it stands: no markup, nothing that acts on a terminal."""
    from nightdesk.render.inert import inert

    return Text(inert(text))


def _detail(row: "Item", t: "Catalogue") -> str:
    """What was said of it; of one that a server took, nothing that a reader needs."""
    if row.status == "sent" and not row.resolved_by:
        return ""
    tries = t("list.aside", text=t("cli.outbox.tries", n=row.attempts)) if row.attempts > 1 else ""
    return f"{row.detail}{tries}"


def _when(row: "Item", zone: tzinfo, t: "Catalogue") -> str:
    """Since when it is as it is, or when it is tried again, in the bank's time."""
    at = row.next_try_at or row.updated_at
    if at is None:
        return ""
    shown = f"{at.astimezone(zone):%m-%d %H:%M}"
    return t("cli.outbox.next_try", at=shown) if row.next_try_at else shown
