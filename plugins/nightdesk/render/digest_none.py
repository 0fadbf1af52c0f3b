"""What a section of the digest says that has no rows: of how many, and of what that was supplied."""

from collections.abc import Sequence

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.panel import panel_words
from nightdesk.render.rows import Row, int_of

_JUDGED = ("red", "orange", "amber", "blue", "green")
#: what nobody's colour has to do with
_OF_NO_CLIENT = ("late", "esg_approval", "esg_rework")
#: the tables without which nobody can say that there is none
_RESTS_ON = {"drift": {"loan"}}


def none_words(kind: str, branches: Sequence[Row], notes: Notes, t: Catalogue, f: Figures) -> str:
    """That there is none among those who were judged, or that nobody was."""
    judged = _sum(branches, *(f"{colour}_count" for colour in _JUDGED))
    if kind not in _OF_NO_CLIENT and not judged:
        return t("digest.nobody_judged")
    counts = {
        "judged": f.count(judged),
        "watched": f.count(_sum(branches, "watched_count")),
        "intensive": f.count(_sum(branches, "intensive_count")),
    }
    rests_on = _RESTS_ON.get(kind, set())
    none = t(f"digest.none.{kind}", **counts)
    return panel_words(none, is_empty=True, rests_on=rests_on, notes=notes, withheld=(), t=t)


def _sum(rows: Sequence[Row], *columns: str) -> int:
    return sum(int_of(row, column) or 0 for row in rows for column in columns)
