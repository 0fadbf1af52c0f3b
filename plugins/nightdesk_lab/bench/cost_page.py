"""Where a recomputation's CPU goes, table by table: a page beside the bench's other results."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: the page, in the folder that the bench works in
PAGE = "profile.md"
#: tables below this share of the whole are told together
_LEAST_PCT = 0.25


@dataclass(frozen=True)
class Headings:
    """The words of the page."""

    title: str
    layers: str
    tables: str
    smaller: str
    else_: str
    all_: str


def write_profile(folder: Path, table_cpu_s: Mapping[str, float], night_cpu_s: float, of: str, words: Headings) -> Path:
    """Write the page of a night that was built a table at a time: `night_cpu_s` is all of it, `of` what it is of.

    What is no table's own is to register what is read, to write what is kept, to open and to close.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PAGE
    path.write_text("\n".join(_lines(table_cpu_s, night_cpu_s, of, words)) + "\n", encoding="utf-8")
    return path


def _lines(table_cpu_s: Mapping[str, float], night_cpu_s: float, of: str, words: Headings) -> list[str]:
    layers: dict[str, float] = {}
    for table, seconds in table_cpu_s.items():
        layer = table.partition(".")[0].partition("_")[0]
        layers[layer] = layers.get(layer, 0.0) + seconds
    rest = max(night_cpu_s - sum(table_cpu_s.values()), 0.0)
    least = night_cpu_s * _LEAST_PCT / 100
    told = {table: seconds for table, seconds in table_cpu_s.items() if seconds >= least}
    smaller = sum(table_cpu_s.values()) - sum(told.values())

    def rows(found: Mapping[str, float]) -> list[str]:
        dearest = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        return [_row(name, seconds, night_cpu_s) for name, seconds in dearest]

    return [
        f"# {words.title}",
        "",
        of,
        "",
        *_head(words.layers),
        *rows(layers),
        _row(words.else_, rest, night_cpu_s),
        _row(words.all_, night_cpu_s, night_cpu_s),
        "",
        *_head(words.tables),
        *rows(told),
        _row(words.smaller.format(n=len(table_cpu_s) - len(told)), smaller, night_cpu_s),
    ]


def _head(name: str) -> list[str]:
    return [f"| {name} | CPU s | % |", "|---|---:|---:|"]


def _row(name: str, seconds: float, whole: float) -> str:
    return f"| {name} | {seconds:.2f} | {100 * seconds / whole if whole else 0:.1f} |"
