"""What the bench says the whole catalogue adds: which tables are counted, and that their CPU is that of their build."""

from pathlib import Path

import pytest

from nightdesk.cli.options import Lang
from nightdesk.engine import Engine
from nightdesk.models import models, read_models
from nightdesk_lab.bench.catalogue import FIRST, added, cpu_by_table
from nightdesk_lab.bench.measuring import Measure
from nightdesk_lab.bench.origin import Origin, Size
from nightdesk_lab.bench.running import Bench
from nightdesk_lab.cli.bench import show

SQL = {
    "staging/txn.sql": "select * from source.txn",
    "staging/suit.sql": "select * from source.suit",
    "features/flow/day.sql": "select * from staging.txn",
    "features/flow/circle.sql": "select * from features_flow.day",
    "features/flow/edge.sql": "select * from features_flow.circle",
    "features/flow/alone.sql": "select * from features_flow.day",
    "warnings/indicator/t02_fall.sql": "select * from features_flow.day",
    "warnings/indicator/t14_circle.sql": "select * from features_flow.edge",
    "warnings/indicator/x01_suit.sql": "select * from staging.suit",
    "warnings/verdict/reading.sql": "select * from warnings_indicator.t02_fall, warnings_indicator.t14_circle",
    "asked/edge.sql": "select * from features_flow.edge",
}


def _tree(root: Path) -> Path:
    for name, sql in SQL.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql.replace(", warnings", " cross join warnings"), encoding="utf-8")
    return root


def test_given_a_first_indicator_then_what_it_rests_on_is_not_the_catalogues(tmp_path: Path) -> None:
    assert added(read_models(_tree(tmp_path)), {"T02"}) == {
        "warnings_indicator.t14_circle",
        "warnings_indicator.x01_suit",
        "features_flow.edge",  # a page reads it too, and the catalogue brought it
        "features_flow.circle",
        "staging.suit",
    }


def test_given_all_are_first_then_the_catalogue_adds_nothing(tmp_path: Path) -> None:
    assert added(read_models(_tree(tmp_path)), {"T02", "T14", "X01"}) == set()


def test_given_the_rules_then_each_first_indicator_is_one_and_most_are_later() -> None:
    codes = {name.partition(".")[2][:3].upper() for name in models() if name.startswith("warnings_indicator.")}
    assert codes >= FIRST
    assert {name for name in added() if name.startswith("warnings_indicator.")} == {
        name
        for name in models()
        if name.startswith("warnings_indicator.") and name.partition(".")[2][:3].upper() in codes - FIRST
    }


def test_given_tables_that_are_built_then_each_has_its_cpu_and_what_came_after_has_none() -> None:
    heavy = "select sum(a.range * b.range) as n from range(3000) as a cross join range(3000) as b"
    with Engine() as engine:
        with cpu_by_table() as took:
            engine.build("t.heavy", heavy, as_view=False)
            engine.build("t.light", "select 1 as n", as_view=False)
        engine.build("t.later", "select 1 as n", as_view=False)
    assert set(took) == {"t.heavy", "t.light"}
    assert took["t.heavy"] > took["t.light"] >= 0


def test_given_two_hands_then_tables_are_built_one_at_a_time_while_their_cpu_is_counted_and_no_longer() -> None:
    with Engine() as engine:
        with cpu_by_table(), engine.hands(2) as hands:
            assert hands == [engine]
        with engine.hands(2) as hands:
            assert len(hands) == 2


@pytest.mark.parametrize(("cpu", "total", "pct"), [({"t.a": 2.0, "t.b": 1.0}, 9.0, 50.0), ({}, 6.0, 0.0)])
def test_given_the_cpu_of_the_catalogues_tables_then_it_is_held_against_all_else(
    cpu: dict[str, float], total: float, pct: float
) -> None:
    bench = Bench(Origin(Size(1, 13, 1, 1), "1", 1, 1, 0.0, "1"), catalogue_cpu_s=cpu)
    assert bench.catalogue_added_pct() is None  # nothing was measured
    bench.singly_cpu_s = total
    assert bench.catalogue_added_pct() == pct


@pytest.mark.parametrize(
    ("cpu", "lang", "said"),
    [
        (2.0, Lang.en, "2.00 CPU s, 200% on the other 1.00"),
        (3.0, Lang.en, "3.00 CPU s of 3.00 in all, which cannot be"),
        (3.0, Lang.zh_CN, "CPU 3.00 秒，而全部仅 3.00 秒，不可能如此"),
    ],
)
def test_given_what_those_tables_took_then_their_share_is_said_or_that_there_cannot_be_one(
    capsys: pytest.CaptureFixture[str], cpu: float, lang: Lang, said: str
) -> None:
    bench = Bench(Origin(Size(1, 13, 1, 1), "1", 1, 1, 0.0, "1"), singly_cpu_s=3.0, catalogue_cpu_s={"t.a": cpu})
    bench.measures["recompute"] = {"nightdesk": Measure(wall_s=9.0, cpu_s=4.0, peak_bytes=1, rows=1)}
    show(bench, lang)
    assert said in "".join(capsys.readouterr().out.split("\n"))
