"""Of every indicator its cases show: amber, red, silent at its edge, and not assessed, too short a history included."""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from sqlcase import CASES, NIGHT, load

from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.models import models, ordered
from nightdesk.policy import policy, register_policy

DAY = datetime.date(2026, 3, 31)
#: how many of each group the catalogue has, by its numbers, and those that are left out: a second insolvency score, and
#: news, of which no table is supplied
CATALOGUE = {"P": 8, "T": 22, "F": 20, "J": 20, "K": 6, "X": 12, "E": 10, "Q": 4}
LEFT_OUT = {"F16", "X09"}
RULES = {str(row["indicator"]): row for row in policy()["indicator"].effective(DAY)}
#: in a model: figures that a client has only after a while
OF_BEFORE = re.compile(
    r"\brule\.min_days\b|\b(year_ago|opening|before)_[a-z]|_(12m|latest|period)\b|\b[a-z_]*_before\b"
)
#: in the name of a case: that the past is too short
TOO_SHORT = re.compile(
    r"short|young|history|first|(too few|fewer|less)\b|known (for|since)|beg[au]n|begins|\bnew\b|rhythm"
)


def _model(code: str) -> Any:
    (model,) = (one for name, one in models().items() if name.startswith(f"warnings_indicator.{code.lower()}_"))
    return model


@cache
def cases(code: str) -> list[dict[str, Any]]:
    return load(CASES / "warnings" / "indicator" / f"{_model(code).path.stem}.yaml")


def rows(code: str, **wanted: object) -> Iterator[Mapping[str, Any]]:
    """Expected rows that have these values."""
    for case in cases(code):
        for row in case["expect"] or []:
            if all(row.get(name, "unsaid") == value for name, value in wanted.items()):
                yield row


def needs(code: str) -> set[str]:
    """What an indicator's cases have to show, read off its policy and its SQL."""
    rule, sql = RULES[code], _model(code).path.read_text(encoding="utf-8")
    found = {"amber", "silent at its edge"}
    if "true as is_assessed" not in sql:
        found.add("not assessed")  # else only what the bank does not supply keeps it from being assessed
    if rule["red_value"] is not None or "red_too=" in sql:
        found.add("red")
    if " hard=" in sql:
        found.add("hard")
        if rule["red_value"] is None and "red_too=" not in sql:  # whatever crosses its one line is hard
            found = found - {"amber"} | {"red"}
    if rule["min_days"] is not None or OF_BEFORE.search(re.sub(r"--[^\n]*", "", sql)):
        found.add("too short a history")
    return found


def shows(code: str) -> set[str]:
    found = set()
    if any(True for _ in rows(code, severity="amber")):
        found.add("amber")
    if any(True for _ in rows(code, severity="red")):
        found.add("red")
    if any(True for _ in rows(code, is_hard=True)):
        found.add("hard")
    if any(_is_edge(code, row) for row in rows(code, severity=None)):
        found.add("silent at its edge")
    if any(_is_unassessed(case) for case in cases(code)):
        found.add("not assessed")
    if any(_is_unassessed(case) and TOO_SHORT.search(case["name"]) for case in cases(code)):
        found.add("too short a history")
    return found


def _is_unassessed(case: Mapping[str, Any]) -> bool:
    return any(row.get("is_assessed") is False for row in case["expect"] or [])


def _is_edge(code: str, row: Mapping[str, Any]) -> bool:
    """A silent row whose value lies at the amber line, or as near to it as makes no difference to a reader."""
    line, value = RULES[code]["amber_value"], row.get("value")
    if value is None or row.get("is_assessed") is False:
        return False
    line, value = Decimal(str(line)), Decimal(str(value))
    near = Decimal(1) if RULES[code]["unit"] in ("days", "count") else max(abs(line) / 50, Decimal("0.05"))
    return abs(value - line) <= near


def missing_of_catalogue(codes: Collection[str]) -> set[str]:
    whole = {f"{group}{number:02d}" for group, count in CATALOGUE.items() for number in range(1, count + 1)}
    return whole - LEFT_OUT - set(codes)


def test_given_the_catalogue_then_each_of_its_hundred_indicators_is_a_rule() -> None:
    assert missing_of_catalogue(RULES) == set()
    assert len([code for code in RULES if code[0] in CATALOGUE]) == 100
    assert missing_of_catalogue(RULES.keys() - {"T14", "F20"}) == {"T14", "F20"}


@pytest.mark.parametrize("code", sorted(RULES))
def test_given_an_indicator_then_its_cases_show_each_of_its_answers(code: str) -> None:
    assert needs(code) - shows(code) == set(), (
        f"add cases to tests/sql/warnings/indicator/{_model(code).path.stem}.yaml"
    )


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine({"business_date": DAY}, threads=1) as made:
        register_policy(made, DAY, tables=["indicator", "five_class_floor"])
        yield made


def _missing(engine: Engine, tables: set[str], columns: set[tuple[str, str]]) -> dict[str, set[str]]:
    """By rule what is missing, where these tables and columns are supplied."""
    engine.empty("night.supplied", NIGHT["supplied"])
    engine.empty("night.supplied_column", NIGHT["supplied_column"])
    engine.insert("night.supplied", NIGHT["supplied"], [{"table_name": t, "is_supplied": True} for t in sorted(tables)])
    given = [{"table_name": table, "column_name": column} for table, column in sorted(columns)]
    engine.insert("night.supplied_column", NIGHT["supplied_column"], given)
    for model in ordered(["warnings_verdict.missing"]):
        engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
    found: dict[str, set[str]] = {}
    for row in engine.rows("select rule, token from warnings_verdict.missing"):
        found.setdefault(row["rule"], set()).add(row["token"])
    return found


def _required(code: str) -> set[str]:
    return set(filter(None, re.split(r"[;|+]", str(RULES[code]["requires"] or "").replace("?", ""))))


def test_given_a_bank_without_a_table_or_with_its_keys_alone_then_whatever_needs_it_names_it(engine: Engine) -> None:
    nothing = _missing(engine, set(), set())
    keys = {(name, column) for name, table in contract().items() for column in table.required_columns}
    bare = _missing(engine, set(contract()), keys)
    whole = _missing(
        engine, set(contract()), {(n, column) for n, table in contract().items() for column in table.columns}
    )
    assert {code for code in RULES if _required(code)} <= nothing.keys()
    of_columns = {code for code in RULES if any("." in token for token in _required(code))}
    assert of_columns <= bare.keys()
    for code in of_columns:
        assert bare[code] <= _required(code), code
    assert whole == {}


def test_given_an_indicator_whose_cases_lack_an_answer_then_it_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "cases", lambda _: [{"name": "given nothing", "expect": []}])
    assert needs("F12") - shows("F12") == {
        "amber", "red", "silent at its edge", "not assessed", "too short a history",
    }  # fmt: skip
