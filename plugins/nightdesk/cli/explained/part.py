"""What every part of an explanation is made with: lines, sections, figures, and cells as a person reads them."""

from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from nightdesk.cli.options import Lang, results

if TYPE_CHECKING:
    from nightdesk.render.catalogue import Catalogue

#: columns of codes, and the family of the catalogue in which each has its word
_CODES = {
    **dict.fromkeys(("tier", "qualified_tier", "previous_tier", "changed_from", "machine_tier"), "tier"),
    **dict.fromkeys(("cause", "changed_cause"), "cause"),
    **{name: name for name in ("tier_basis", "control_issue", "potential_reason", "lever")},
    "asset_class": "floor_class",
    "product": "product",
    "status": "loan_status",
    "oldest_unpaid_kind": "field",
    "not_assessed": "potential_part",
}
#: columns of a kind of client and a segment, joined; `*` is every segment
_PEERS = ("peer_set", "percentile_set")


class Part:
    """What a person reads: what decided first, one fact a line, nothing cut."""

    def __init__(self, t: "Catalogue", lang: Lang, base_ccy: str) -> None:
        from nightdesk.render.figures import Figures

        self.t = t
        self.f = Figures(t.language, base_ccy)
        self.reason = "reason_zh" if lang is Lang.zh_CN else "reason_en"
        self.name = "name_zh" if lang is Lang.zh_CN else "name_en"

    def section(self, title: str) -> None:
        """A heading."""
        results.print()
        results.print(title, style="bold")

    def figures(self, row: dict[str, Any]) -> None:
        """Names and values, two to a line; what is empty is left out."""
        cells = [
            (self.t.label("field", name), self.value(name, value)) for name, value in row.items() if value is not None
        ]
        half = (len(cells) + 1) // 2
        first, second = cells[:half], cells[half:]
        name, figure, other = (
            max([cell_len(text) + 2 for text in texts], default=0)
            for texts in ([one for one, _ in first], [one for _, one in first], [one for one, _ in second])
        )
        for left, right in zip_longest(first, second, fillvalue=("", "")):
            self.line(f"  {padded(left[0], name)}{padded(left[1], figure)}{padded(right[0], other)}{right[1]}".rstrip())

    def value(self, name: str, value: object) -> str:
        """A cell in words, where it is a code that has some."""
        if name == "setting":
            return self.t.label("field", value)
        if isinstance(value, bool):
            return self.t("cli.yes") if value else self.t("cli.no")
        if name in _PEERS:
            return self._peers(str(value))
        if name not in _CODES:
            return cell(value)
        return self.t("list.join").join(self.t.label(_CODES[name], code) for code in str(value).split(","))

    def _peers(self, code: str) -> str:
        """Whom a client is compared with: its kind, and its segment unless it is all of the kind."""
        kind, _, segment = code.partition("|")
        said = self.t.label("client_kind", kind)
        return said if segment == "*" else self.t("list.join").join((said, self.t.label("segment", segment)))

    def rule(self, rule: dict[str, Any] | None) -> str:
        """A rule of the five classes in words; empty where there is none."""
        from nightdesk.render.sentences import Sentences

        if rule is None:
            return ""
        passed = None if rule["passed_value"] is None else str(rule["passed_value"])
        return self.sentence(Sentences(self.t.language, self.f.base_ccy).fill(rule[self.name], {"passed": passed}))

    def sentence(self, text: str) -> str:
        """A published sentence with the punctuation of its language."""
        from nightdesk.render.punctuation import full_width

        return full_width(text, self.t)

    def line(self, text: str) -> None:
        """A line as it is, nothing of it read as markup."""
        results.print(text)


def padded(text: str, width: int) -> str:
    """Text in columns of a terminal, where a Chinese character takes two; nothing is cut."""
    return text + " " * max(width - cell_len(text), 1)


def cell(value: object) -> str:
    """A value for a person: figures grouped, and those finer than a cent without trailing zeros."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:,f}" if int(value.as_tuple().exponent) >= -2 else f"{value.normalize():,f}"
    return str(value)
