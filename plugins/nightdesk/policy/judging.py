"""What is wrong with policy as a whole: the one judgement, of the night and of who mends a row.

Single rows are judged where they are read (table.py). Here is what rows are to each other, on one day: whether they
are there, name what there is, and stand in their order. What has to hold is derived from the keys and types of
sql/policy/schema.yaml, and from what it asks of a table besides (its head says how).
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from nightdesk.policy.asked import codes_asked, given_to_judge, settings_asked, source_names, words_known
from nightdesk.policy.fault import Fault, fault
from nightdesk.policy.order import not_numbered, out_of_order, without_counterpart
from nightdesk.policy.table import Place, PolicyTable, Row, as_written

Tables = Mapping[str, PolicyTable]
Rows = list[tuple[Place, Row]]
_ONE_DAY = datetime.timedelta(days=1)
#: the parent of a column that names tables and columns of the source contract, joined as `requires` joins them
_SOURCE = "source"
#: the parent of a column whose codes the rules name themselves
_RULES = "rules"
_JOINTS = str.maketrans(dict.fromkeys(";|+?", " "))


def faults_over_time(tables: Tables, root: Path) -> list[Fault]:
    """What is wrong on any day, each told once, with the first day on which it counts."""
    days = _turns(tables)
    found: dict[Fault, Fault] = {}
    for at, day in enumerate(days):
        for one in faults_that_day(tables, day, root):
            found.setdefault(one, replace(one, since=day if at else None))
    return list(found.values())


def _turns(tables: Tables) -> list[datetime.date]:
    """The days on which other rows come into force than on the day before."""
    days = set()
    for table in tables.values():
        for _, row in table.rows:
            first, last = row["valid_from"], row["valid_to"]
            if isinstance(first, datetime.date):
                days.add(first)
            if isinstance(last, datetime.date) and last < datetime.date.max:
                days.add(last + _ONE_DAY)
    return sorted(days)


def faults_that_day(tables: Tables, day: datetime.date, root: Path) -> list[Fault]:
    """What is wrong with the rows in force on `day`, where the SQL below `root` reads them."""
    in_force = {name: table.placed(day) for name, table in tables.items()}
    found = list(_asked_in_vain(tables, root))
    for name, table in tables.items():
        rows = in_force[name]
        gaps = list(_gaps(table, rows, root))
        told = {one.key for one in gaps}
        found += [
            *gaps,
            *(hole for hole in _holes(table, day) if hole.key not in told),
            *_unknown(table, rows, tables, in_force, root),
            *_uncovered(table, rows, tables, in_force, root),
            *not_numbered(table, rows),
            *without_counterpart(table, rows),
            *out_of_order(table, rows, tables, in_force),
        ]
    return found


def _is_of_settings(table: PolicyTable) -> bool:
    return table.key[0] == "setting"


def _asked_in_vain(tables: Tables, root: Path) -> Iterator[Fault]:
    """Settings that SQL reads and that no row ever had."""
    told: set[str] = set()
    for asked in settings_asked(root):
        among = sorted(name for name in asked.tables if name in tables and _is_of_settings(tables[name]))
        there = {row["setting"] for name in among for _, row in tables[name].rows}
        for name in sorted(asked.settings - there - told) if among else ():
            told.add(name)
            yield fault("gap", among[0], tables[among[0]].file, key=name)


def _gaps(table: PolicyTable, rows: Rows, root: Path) -> Iterator[Fault]:
    """Settings, codes of a table that has one row for each code of its list, and codes by which SQL asks for a row,
    without one in force; and settings that nothing reads."""
    column = table.columns[table.key[0]]
    there = {as_written(row[column.name]) for _, row in rows}
    places: dict[str, list[Place]] = {}
    for place, row in table.rows:
        places.setdefault(as_written(row[column.name]), []).append(place)
    wanted: Iterable[str] = ()
    if _is_of_settings(table):
        wanted = sorted(places)
    elif len(table.key) == 1 and column.type == "enum":
        wanted = column.values
    elif len(table.key) == 1:
        wanted = sorted(codes_asked(root).get(f"{table.name}.{column.name}", ()))
    for code in wanted:
        if code not in there:
            ended = places.get(code, [])
            file = ended[-1].file if ended else table.file
            yield fault("gap", table.name, file, tuple(place.line for place in ended if place.file == file), code)
    for place, row in rows if _is_of_settings(table) else ():
        if row["setting"] not in words_known(root):
            yield fault("unread", table.name, place.file, (place.line,), table.key_of(row))


def _holes(table: PolicyTable, day: datetime.date) -> Iterator[Fault]:
    """Keys without a row on a day between two of theirs: the older row was ended too early, or the newer begins too
    late, as a profile's own does that begins after the baseline's row in whose place it stands. Only where a key cannot
    be without one (`unbroken`): elsewhere what is not listed does not count."""
    if not table.asked.get("unbroken"):
        return
    before: dict[str, tuple[datetime.date, Place]] = {}
    after: dict[str, tuple[datetime.date, Place]] = {}
    there = set()
    for place, row in table.rows:
        key, first, last = table.key_of(row), row["valid_from"], row["valid_to"]
        if isinstance(first, datetime.date) and first > day:
            after[key] = min(after.get(key, (first, place)), (first, place))
        elif isinstance(last, datetime.date) and last < day:
            before[key] = max(before.get(key, (last, place)), (last, place))
        else:
            there.add(key)
    for key in sorted((before.keys() & after.keys()) - there):
        (last, older), (first, newer) = before[key], after[key]
        lines = tuple(sorted({older.line, newer.line})) if older.file == newer.file else (older.line,)
        yield fault("hole", table.name, older.file, lines, key, last=last, first=first)
    begun = {table.key_of(row) for _, row in table.replaced if _has_begun(row, day)}
    for key in sorted((begun & after.keys()) - there - before.keys()):
        first, newer = after[key]
        yield fault("late", table.name, newer.file, (newer.line,), key, first=first)


def _has_begun(row: Row, day: datetime.date) -> bool:
    return isinstance(first := row["valid_from"], datetime.date) and first <= day


def _unknown(
    table: PolicyTable, rows: Rows, tables: Tables, in_force: Mapping[str, Rows], root: Path
) -> Iterator[Fault]:
    """Codes that no row in force of the tables has that their column refers to."""
    for column in table.columns.values():
        parents = column.parent.split("|") if column.parent else []
        lists = [parent for parent in parents if parent.partition(".")[0] in (*tables, _SOURCE, _RULES)]
        known = set(parents) - set(lists)
        for parent, _, named in (parent.partition(".") for parent in lists):
            if parent in tables:
                known |= {as_written(row[named or tables[parent].key[0]]) for _, row in in_force[parent]}
        if _SOURCE in parents:
            known |= source_names()
        if _RULES in parents:
            known |= words_known(root)
        for place, row in rows if parents else ():
            text = as_written(row[column.name])
            for code in text.translate(_JOINTS).split() if _SOURCE in parents else [text] if text else []:
                if code not in known:
                    yield fault(
                        "unknown",
                        table.name,
                        place.file,
                        (place.line,),
                        table.key_of(row),
                        column=column.name,
                        code=code,
                        parents=" | ".join(lists),
                    )


def _uncovered(
    table: PolicyTable, rows: Rows, tables: Tables, in_force: Mapping[str, Rows], root: Path
) -> Iterator[Fault]:
    """Rows of other tables that lack theirs here: an indicator its words, a band its steps for a kind of client."""
    for said in table.asked.get("covers", ()):
        cover: Mapping[str, Any] = {"table": said} if isinstance(said, str) else said
        if "table" not in cover:
            yield from _without_fixed(table, rows, cover["with"])
            continue
        other = tables[cover["table"]]
        shared = cover.get("as") or {part: part for part in other.key if part in table.columns}
        fixed = {name: str(value) for name, value in cover.get("with", {}).items()}
        for_all: dict[str, str] = cover.get("each", {})
        kinds = list(
            product(
                *([code for code in table.columns[name].values if code != of_all] for name, of_all in for_all.items())
            )
        )
        there = {tuple(as_written(row[name]) for name in (*shared, *fixed, *for_all)) for _, row in rows}
        for place, row in _meant(in_force[other.name], cover, in_force, root):
            wanted = (*(as_written(row[name]) for name in shared.values()), *fixed.values())
            for kind in kinds:
                if there.isdisjoint([(*wanted, *kind), (*wanted, *for_all.values())]):
                    key = "|".join((*wanted, *kind))
                    yield fault("uncovered", table.name, table.file, key=key, place=f"{place.file}:{place.line}")


def _without_fixed(table: PolicyTable, rows: Rows, fixed: Mapping[str, str]) -> Iterator[Fault]:
    """A row that the rules ask for by several codes, where there is none."""
    if not any(all(as_written(row[name]) == code for name, code in fixed.items()) for _, row in rows):
        yield fault("gap", table.name, table.file, key="|".join(fixed.values()))


def _meant(
    rows: Rows, cover: Mapping[str, Any], in_force: Mapping[str, Rows], root: Path
) -> Iterator[tuple[Place, Row]]:
    """The rows that a cover speaks of: with a value in `has` or of an indicator whose SQL gives `gives`, one of the
    codes of `only`, a row in `among`, and none in `unless`."""
    beside = [(cover[said].partition("."), said == "among") for said in ("unless", "among") if said in cover]
    others = [(named, {row[named] for _, row in in_force[table]}, is_in) for (table, _, named), is_in in beside]
    giving = given_to_judge(root).get(cover["gives"], frozenset()) if "gives" in cover else frozenset()
    for place, row in rows:
        is_meant = "has" not in cover and "gives" not in cover
        is_meant |= "has" in cover and row[cover["has"]] is not None
        is_meant |= "gives" in cover and row["indicator"] in giving
        is_meant &= all((row[named] in there) is is_in for named, there, is_in in others)
        if is_meant and all(as_written(row[name]) in codes for name, codes in cover.get("only", {}).items()):
            yield place, row
