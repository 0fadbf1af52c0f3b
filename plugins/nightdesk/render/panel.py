"""What an empty or partial panel says: nothing there, not supplied, not assessed, or rows that could not be used."""

from collections.abc import Collection

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.held_back import things_of
from nightdesk.render.made_of import Notes
from nightdesk.render.missing import table_words
from nightdesk.render.rows import Table, text_of


def panel_words(
    none: str, *, is_empty: bool, rests_on: Collection[str], notes: Notes, withheld: Table, t: Catalogue
) -> str:
    """What stands under a panel's rows, or in their place.

    `none` only where something it rests on was supplied and judged, and none of its rows is held back.
    """
    tables = sorted(rests_on)
    missing = [name for name in sorted(notes.not_supplied) if name.partition(".")[0] in tables]
    unread = [name for name in tables if name in notes.unassessed.tables]
    held = sum(text_of(row, "table_name") in tables for row in things_of(withheld))
    blind = {name for name in missing if name in tables} | set(unread)
    words = [none] if is_empty and not held and len(blind) < max(len(tables), 1) else []
    if missing:
        words.append(t("panel.not_supplied", tables=table_words(missing, t)))
    if unread:
        words.append(t("panel.not_assessed", tables=table_words(unread, t)))
    if held:
        words.append(t("panel.held_back", n=held))
    return " ".join(words)
