"""The cells of a page of the book: how each kind of column is written."""

from dataclasses import dataclass

from nightdesk.render.catalogue import Catalogue, Language
from nightdesk.render.figures import Figures
from nightdesk.render.rows import Row, day_of, decimal_of, int_of, text_of
from nightdesk.render.table_spec import TableColumn
from nightdesk.render.task_line import kind_label

#: kinds of column whose cells stand to the right
NUMBERS = frozenset({"count", "number", "tonnes", "amount", "million", "exact", "measured", "pct"})


@dataclass(frozen=True)
class BookCell:
    """A cell: its text, where it leads (an anchor of the page), and the anchor that it is itself; `is_nil`: a count of
    none, or what there is not, which a phone leaves out."""

    text: str
    is_number: bool
    is_prose: bool
    is_nil: bool
    href: str = ""
    anchor: str = ""

    @property
    def css(self) -> str:
        """Its classes."""
        kinds = (("num", self.is_number), ("prose", self.is_prose and not self.is_number), ("nil", self.is_nil))
        return " ".join(name for name, is_so in kinds if is_so)


def value_of(row: Row, name: str, language: Language) -> object:
    """A cell's value; a branch goes by its name in the language."""
    if name == "branch":
        return row.get("branch_name_en") if language == "en" else row.get("branch_name")
    return row.get(name)


def words_of(value: object, kind: str, t: Catalogue) -> str:
    """The words of a code, of several, or of a yes or no."""
    if kind == "flag":
        return t("none") if value is None else t("book_page.yes" if value else "book_page.no")
    family = kind.partition("/")[2]
    if value is None:
        return t("none")
    if family == "sector":
        return t.nearest(family, str(value))
    if kind.startswith("codes/"):
        return t("book_page.and").join(t.label(family, code) for code in str(value).split(";"))
    return kind_label(str(value), t) if family == "permit_kind" else t.label(family, value)


def cell_of(row: Row, column: TableColumn, language: Language, t: Catalogue, f: Figures) -> BookCell:
    """The cell of a row in a column of `table_spec`."""
    name, kind = column.name, column.kind
    value = value_of(row, name, language)
    one = {name: value}
    if kind == "flag" or kind.startswith(("code/", "codes/")):
        text = words_of(value, kind, t)
    elif kind == "day":
        text = f.day(day_of(one, name))
    elif kind == "count":
        text = f.count(int_of(one, name))
    elif kind == "amount":
        in_ccy = Figures(language, "USD") if name.endswith("_usd") else f
        text = in_ccy.money(decimal_of(one, name))
    elif kind == "exact" or (kind == "measured" and row.get("unit") == "amt"):
        text = f.number(decimal_of(one, name), 2)
    elif kind == "million":
        text = f.dash if (exact := decimal_of(one, name)) is None else f.trimmed(exact / 1_000_000, 4)
    elif kind == "pct":
        text = f.percent(decimal_of(one, name))
    elif kind == "tonnes":
        text = f.number(decimal_of(one, name), 0)
    elif kind in ("number", "measured"):
        text = f.trimmed(decimal_of(one, name), 2)
    elif kind == "said":
        text = text_of(one, name) or ""
    else:
        text = text_of(one, name) or t("none")
    is_nil = not text or (kind == "count" and value == 0) or (value is None and column.is_known)
    return BookCell(text, kind in NUMBERS, column.is_prose, is_nil)
