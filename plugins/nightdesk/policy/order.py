"""Values of policy that go together: a limit and its counterpart, an amber line and the red one behind it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from nightdesk.policy.fault import Fault, fault
from nightdesk.policy.table import Place, PolicyTable, Row, Value, as_written

Rows = list[tuple[Place, Row]]


@dataclass(frozen=True)
class _Side:
    """Values that are read side by side: a row, or the settings of a table; `places` by the name of each value.

    `own` are the values that are told here: of settings for one table alone, not those that stand for every table.
    """

    key: str
    values: Mapping[str, Value]
    places: Mapping[str, Place]
    own: Collection[str]


def without_counterpart(table: PolicyTable, rows: Rows) -> Iterator[Fault]:
    """Values that `needs` names, without the ones that they mean nothing without."""
    for side in _sides(table, rows) if "needs" in table.asked else ():
        for name, others in table.asked["needs"].items():
            for other in others:
                if name in side.own and side.values.get(name) is not None and side.values.get(other) is None:
                    place = side.places[name]
                    yield fault("alone", table.name, place.file, (place.line,), side.key, column=name, other=other)


def out_of_order(
    table: PolicyTable, rows: Rows, tables: Mapping[str, PolicyTable], in_force: Mapping[str, Rows]
) -> Iterator[Fault]:
    """Values that do not follow each other as `order` has it, and rows that do not as `grades` has it."""
    for order in table.asked.get("order", ()):
        for side in _sides(table, rows):
            yield from _crossed(table, side, order)
    for grade in table.asked.get("grades", ()):
        yield from _falling(table, rows, grade, _ranks(grade, tables, in_force))


def not_numbered(table: PolicyTable, rows: Rows) -> Iterator[Fault]:
    """Numbers that are missing before another of their group, where `numbered` says that they count from one."""
    column = str(table.asked.get("numbered", ""))
    groups: dict[tuple[str, ...], dict[int, tuple[Place, Row]]] = {}
    for place, row in rows if column else ():
        group = tuple(as_written(row[part]) for part in table.key if part != column)
        groups.setdefault(group, {})[int(str(row[column]))] = (place, row)
    for there in groups.values():
        for number in sorted(set(range(1, max(there))) - there.keys()):
            place, row = there[min(one for one in there if one > number)]
            yield fault("gap", table.name, place.file, (place.line,), table.key_of({**row, column: number}))


def _crossed(table: PolicyTable, side: _Side, order: Mapping[str, Any]) -> Iterator[Fault]:
    is_down = "down" in order and all(side.values.get(name) == code for name, code in order["down"].items())
    said = [(name, number) for name in order["of"] if (number := _number(side.values.get(name))) is not None]
    for (name, number), (other, next_number) in pairwise(said):
        is_wrong = number <= next_number if is_down else number >= next_number
        if is_wrong and (name in side.own or other in side.own):
            at = [side.places[name], side.places[other]]
            lines = tuple(sorted({place.line for place in at if place.file == at[1].file}))
            yield fault(
                "crossed_down" if is_down else "crossed",
                table.name,
                at[1].file,
                lines,
                side.key,
                column=name,
                value=as_written(side.values[name]),
                other=other,
                limit=as_written(side.values[other]),
            )


def _falling(table: PolicyTable, rows: Rows, grade: Mapping[str, Any], ranks: Mapping[Value, Value]) -> Iterator[Fault]:
    """Rows of one group, in the order of `over`, whose `of` goes back."""
    over, of = grade["over"], grade["of"]
    groups: dict[tuple[Value, ...], list[tuple[Decimal, Decimal, Place, Row]]] = {}
    for place, row in rows:
        at, level = _number(row[over]), _number(ranks.get(row[of], row[of]))
        if at is not None and level is not None:
            group = tuple(row[name] for name in grade.get("within", ()))
            groups.setdefault(group, []).append((at, -level if grade.get("is_down") else level, place, row))
    for found in groups.values():
        found.sort(key=lambda one: one[0])
        for (_, level, _, before), (_, next_level, place, row) in pairwise(found):
            if next_level < level:
                yield fault(
                    "falling",
                    table.name,
                    place.file,
                    (place.line,),
                    table.key_of(row),
                    column=of,
                    value=as_written(row[of]),
                    before=as_written(before[of]),
                    over=over,
                )


def _ranks(
    grade: Mapping[str, Any], tables: Mapping[str, PolicyTable], in_force: Mapping[str, Rows]
) -> dict[Value, Value]:
    """Code -> rank of the table that `by` names as table.column."""
    name, _, column = grade.get("by", "").partition(".")
    return {row[tables[name].key[0]]: row[column] for _, row in in_force[name]} if name else {}


def _sides(table: PolicyTable, rows: Rows) -> Iterator[_Side]:
    """Each row by itself; the settings of a table as one, and for each table that some are meant for alone."""
    if table.key[0] != "setting":
        for place, row in rows:
            yield _Side(table.key_of(row), row, dict.fromkeys(row, place), row)
        return
    meant_for: dict[tuple[Value, ...], dict[str, tuple[Place, Value]]] = {}
    for place, row in rows:
        for_whom = tuple(row[part] for part in table.key[1:])
        meant_for.setdefault(for_whom, {})[as_written(row["setting"])] = place, row["value"]
    everywhere = meant_for.get(tuple(None for _ in table.key[1:]), {})
    for for_whom, own in meant_for.items():
        found = {**everywhere, **own}
        yield _Side(
            "|".join(map(as_written, for_whom)),
            {name: value for name, (_, value) in found.items()},
            {name: place for name, (place, _) in found.items()},
            own,
        )


def _number(value: Value) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None
