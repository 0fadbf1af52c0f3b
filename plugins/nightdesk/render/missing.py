"""What is missing, in words: the rules name indicators, tables and columns by their codes."""

from collections.abc import Iterable

from nightdesk.released import Release
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.inert import cut, inert
from nightdesk.render.made_of import Notes


def missing_word(token: str, notes: Notes, t: Catalogue) -> str:
    """A code as words: an indicator, `floor`, a table, `table.column`, or a cause with what it is about.

    The cause comes first: `fx_rate:USD`, `vanished:loan`.
    """
    cause, _, about = inert(token).partition(":")
    if about:
        if cause in ("quarantine", "vanished", "stopped", "unreadable_cell"):
            return t("missing.held_back", what=missing_word(about, notes, t), reason=t.label("withheld_reason", cause))
        return t("missing.of", what=missing_word(cause, notes, t), of=cut(about))
    if cause in ("credit", "no_indicator_applies"):
        return t(f"list.unknown_cause.{cause}")
    if cause == "floor":
        return t("column.floor_class")
    return notes.indicator(cause, t.language) if cause in notes.indicator_names else table_word(cause, t)


def missing_words(tokens: Iterable[str], notes: Notes, t: Catalogue) -> str:
    """Several of them, joined."""
    return t("list.join").join(missing_word(token, notes, t) for token in tokens)


def table_words(tables: Iterable[str], t: Catalogue) -> str:
    """Contract tables, or columns of them, in words, joined."""
    return t("list.join").join(table_word(name, t) for name in tables)


def table_word(code: str, t: Catalogue) -> str:
    """A contract table, or `table.column`, in words."""
    table, _, column = code.partition(".")
    word = _readable(t.label("table", table), table)
    return word if not column else t("missing.column", table=word, column=_readable(t.label("field", column), column))


def overridden_words(checks: Iterable[tuple[str, str]], t: Catalogue) -> str:
    """Checks that a person overrode, each as (table, rule), in words, joined."""
    return t("list.join").join(
        t("overridden.item", table=table_word(table, t), check=t.label("overridden", rule)) for table, rule in checks
    )


def release_words(release: Release, t: Catalogue) -> str:
    """Who overrode which checks, and why, as one sentence; that a replay took it over, where one did."""
    checks = overridden_words([(one.table_name, one.rule) for one in release.checks], t)
    said = t("overridden.sentence", by=inert(release.by), reason=inert(release.reason), checks=checks)
    return said + t("overridden.replayed") if release.is_replayed else said


def _readable(word: str, code: str) -> str:
    """A code that nobody has put in words yet is at least no name of a column."""
    return code.replace("_", " ") if word == code else word
