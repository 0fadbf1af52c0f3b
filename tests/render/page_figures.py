"""Which figures of a page cannot be found in exports: each number of its text is one of theirs as pages write them, or
follows from them by a rule that is named here and reckoned anew.

What is no figure is left out first: dates, times, numbers of parts, ids and codes, hashes, the marks of a drawing's
scale, and the words of the catalogues.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from html import unescape

from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.figures import Figures

Row = Mapping[str, str]
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.,])[-+]?\d[\d,]*(?:\.\d+)?")
#: what has digits and is no figure
_NO_FIGURE = (
    re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?: \d{2}:\d{2})?"),
    re.compile(r"\d{4}年\d{1,2}月\d{1,2}日"),
    re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b"),
    re.compile(r"\b[0-9a-f]{12}\b"),
    re.compile(r"\b[A-Za-z][\w.]*[-_]?\d[\w./:-]*"),  # PRJ00042, PS1, D4415, CO2
    re.compile(r"\b\d[a-c]\b"),  # options of PCAF
)


def text_of(html: str) -> str:
    """What a page says, without its styles and drawings; parts of it divided by spaces."""
    without = re.sub(r"<(style|svg)[ >].*?</\1>", " ", html, flags=re.DOTALL)
    without = re.sub(r"<h2>\d+ ", "<h2>", without)  # the number of a part
    # cells are apart, and so is a chart's table from its name
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", without)).split())


def figures_in(text: str, language: Language) -> set[str]:
    """The numbers of a text that are figures."""
    for words in _words_with_digits(language):
        # a piece that ends in a digit ("of 5") is no part of a longer number ("of 58.9%")
        text = re.sub(rf"(?<!\d){re.escape(words)}(?!\.?\d)", " ", text) if words in text else text
    return _figures(text)


def _figures(text: str) -> set[str]:
    for pattern in _NO_FIGURE:
        text = pattern.sub(" ", text)
    return {number.rstrip(",").lstrip("+") for number in _NUMBER.findall(text)}


@cache
def _words_with_digits(language: Language) -> tuple[str, ...]:
    """Pieces of the catalogue that have digits in them, between what is filled in; the longest first."""
    pieces = {
        piece.strip()
        for message in catalogue(language).messages.values()
        for text in ([message] if isinstance(message, str) else message.values())
        for piece in re.split(r"\{[^}]*\}", str(text))
        if re.search(r"\d", piece) and re.search(r"[^\d\s.,]", piece)
    }
    return tuple(sorted(pieces, key=len, reverse=True))


def rows_of(exported: str) -> list[Row]:
    """The rows of a CSV export."""
    return list(csv.DictReader(io.StringIO(exported)))


def told_by(rows: Iterable[Row], language: Language, base_ccy: str = "CNY") -> set[str]:
    """Every number that exported rows hold, in each form in which a page may write it."""
    found: set[str] = set()
    for row in rows:
        for value in row.values():
            found |= forms_of(value, language, base_ccy)
    return found


@cache
def forms_of(value: str | Decimal, language: Language, base_ccy: str = "CNY") -> frozenset[str]:
    """One value as pages write it; a text's own numbers as they stand."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return frozenset(_figures(str(value)))
    if not number.is_finite():
        return frozenset()
    # a year, or days within a sentence
    found = {str(int(number))} if number == number.to_integral_value() else set()
    found |= {Figures(language, base_ccy).trimmed(number / 1_000_000)}  # in millions
    for f in (Figures(language, base_ccy), Figures(language, "USD")):
        told = [f.money(number), *(f.number(number, places) for places in range(5)), f.trimmed(number)]
        told += [f.trimmed(number, places) for places in range(4)]
        found |= {part.lstrip("+") for text in told for part in _NUMBER.findall(text)}
    return frozenset(found | {part.lstrip("-") for part in found})


def follows(project: Mapping[str, list[Row]], day: date) -> Iterable[Decimal]:
    """What a review reckons from exported rows of its project: differences of days and scores, shares and counts."""
    for row in project["action"]:
        yield Decimal(abs((date.fromisoformat(row["due_on"]) - day).days))
    scores = [row["score_evidenced"] for name in ("esg_score", "esg_review") for row in project[name]]
    known = [Decimal(one) for one in scores if one]
    yield from (one - other for one in known for other in known)
    for year in {row["year"] for row in project["financed_emission"]}:
        direct = [r for r in project["financed_emission"] if r["year"] == year and r["scope"] in ("1", "2")]
        if len(direct) == 2 and all(r["financed_t"] and r["outstanding_amt"] for r in direct):
            tonnes, owed = sum(Decimal(r["financed_t"]) for r in direct), Decimal(direct[0]["outstanding_amt"])
            yield from (tonnes, tonnes * 1_000_000 / owed)
    # how many of each table are in each state, and how many are there
    for rows in project.values():
        yield Decimal(len(rows))
        for column in ("state", "severity", "verdict", "tone", "grade"):
            yield from (Decimal(n) for n in Counter(row[column] for row in rows if column in row).values())
    yield from _left(project["action"], day)


def _left(actions: list[Row], day: date) -> Iterable[Decimal]:
    """Actions that are not done, and that were not due yet: at the end of any month, no more than there are."""
    for at in range(len(actions) + 1):
        yield Decimal(at)
