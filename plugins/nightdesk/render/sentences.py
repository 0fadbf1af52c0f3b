"""Sentences: policy's templates with the figures of a row filled in. Which sentence a row gets is a rule, and SQL's."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from nightdesk.errors import PolicyError
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.figures import Figures

#: a slot of a template: `{detail}`, or with the way in which a figure is written, `{value:pct}`
SLOT = re.compile(r"\{([a-z_]+)(?::([a-z_]+))?\}")
#: what an indicator's unit asks for, where a template leaves the way of writing to it: `{value:unit}`
_UNITS = {"count": "int"}


class Sentences:
    """Fills templates in one language; amounts are in `base_ccy`."""

    def __init__(self, language: Language, base_ccy: str) -> None:
        self._t = catalogue(language)
        self._figures = Figures(language, base_ccy, dash=self._t("sentence.dash"))
        self._suffix = "_zh" if language == "zh_CN" else "_en"

    def fill(self, template: str, figures: Mapping[str, str | None]) -> str:
        """The sentence: each slot filled with the figure of its name, a dash where the row has none.

        `figures` are exact texts by name; what each language says its own way comes as `name_zh` and `name_en`. The
        slot `line` is the threshold that was crossed, with `severity` and `line_when` (`high passed`) beside it.
        Raises PolicyError for a slot that no figure is for, or that is to be written in no known way.
        """

        def slot(match: re.Match[str]) -> str:
            name, style = match[1], match[2]
            value = self._figure(name, template, figures)
            if name == "line":
                return self._line(value, style, figures)
            if value is None:
                return self._figures.dash
            if style in _PLACES:
                return self._apart(value, style, self._held_against(template, name, style, figures))
            return self._written(value, style, figures)

        return SLOT.sub(slot, template)

    def _figure(self, name: str, template: str, figures: Mapping[str, str | None]) -> str | None:
        for known in (name, name + self._suffix):
            if known in figures:
                return figures[known]
        raise PolicyError(
            f"the sentence {template!r} asks for {{{name}}}, of which its rows say nothing",
            f"Use one of {', '.join(sorted(figures))}, or give it in the SQL that the sentence is for.",
        )

    def _held_against(self, template: str, name: str, style: str, figures: Mapping[str, str | None]) -> list[Decimal]:
        """What a figure is compared with where it stands: the line, of a ratio 1, and others that are so written."""
        others = {match[1] for match in SLOT.finditer(template) if match[2] == style and match[1] != name}
        held = [Decimal(said) for other in {*others, "line"} if (said := figures.get(other)) is not None]
        return [*held, Decimal(1)] if style == "ratio" else held

    def _apart(self, value: str, style: str, held: list[Decimal]) -> str:
        """A figure with its style's decimals, and as many more as tell it from what it is held against."""
        exact, places = Decimal(value), _PLACES[style]
        while places < _MOST_PLACES and any(
            other != exact and self._figures.plain(other, places) == self._figures.plain(exact, places)
            for other in held
        ):
            places += 1
        return f"{self._figures.plain(exact, places)}{'%' if style == 'pct' else ''}"

    def _written(self, value: str, style: str | None, figures: Mapping[str, str | None]) -> str:
        if style == "unit":
            unit = figures["unit"] or "num"
            style = _UNITS.get(unit, unit)
        if style is None:
            return value
        if style == _NAMED:
            return self._named(value)
        if style in _STYLES:
            return _STYLES[style](self, Decimal(value))
        return self._t.label(style, value)

    def _named(self, value: str) -> str:
        """A thing as the rules name it, `family:code number`, by the word for its code and its number."""
        family, colon, thing = value.partition(":")
        if not colon:
            return value
        code, blank, number = thing.rpartition(" ")
        return f"{self._t.label(family, code)}{blank}{number}"

    def _line(self, value: str | None, style: str | None, figures: Mapping[str, str | None]) -> str:
        """The line that was crossed: red line 40%, amber line: over 30 days."""
        if value is None:
            return self._figures.dash
        line = self._t("sentence.red_line" if figures["severity"] == "red" else "sentence.amber_line")
        when = (figures["line_when"] or "").replace(" ", "_")
        said = when if when in ("high_passed", "low_passed") else "reached"
        return self._t(f"sentence.{said}", line=line, value=self._written(value, style, figures))

    def _days(self, value: Decimal) -> str:
        return self._t("sentence.days", n=self._figures.whole(value))


#: decimals of the styles that round, and how many the rules know at most
_PLACES = {"pct": 1, "num": 1, "ratio": 2}
_MOST_PLACES = 4
#: how a figure may be written; any other word is a family of the catalogue, in which a code has its word
_STYLES: dict[str, Callable[[Sentences, Decimal], str]] = {
    "pct": lambda s, value: f"{s._figures.plain(value, _PLACES['pct'])}%",
    "num": lambda s, value: s._figures.plain(value, _PLACES["num"]),
    "ratio": lambda s, value: s._figures.plain(value, _PLACES["ratio"]),
    "int": lambda s, value: s._figures.whole(value),
    "days": Sentences._days,
    "amt": lambda s, value: s._figures.money_in_full(value),
    "points": lambda s, value: s._figures.points(value),
}
#: a thing that is named by a code of a family and its own number: `{detail:named}`
_NAMED = "named"
STYLES = frozenset({*_STYLES, _NAMED})
