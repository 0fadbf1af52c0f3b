"""What the bench says that a part adds: which tables and pages are counted, and its CPU is held against all else."""

from pathlib import Path

import pytest

from nightdesk.cli.options import Lang
from nightdesk.errors import UsageError
from nightdesk.models import layer_products, models
from nightdesk.night.page_kind import kinds
from nightdesk.settings import Settings
from nightdesk_lab.bench.origin import Origin, Size
from nightdesk_lab.bench.part import PARTS, RECKONED, PartBench, run_part
from nightdesk_lab.cli.part import part, show_part

ORIGIN = Origin(Size(1, 13, 1, 1), "1", 1, 1, 0.0, "1")


@pytest.mark.parametrize("name", PARTS)
def test_given_the_rules_then_each_table_schema_and_page_that_is_counted_is_there(name: str) -> None:
    every = set(models())
    assert every >= PARTS[name].tables - {RECKONED}
    assert {table.partition(".")[0] for table in every} >= PARTS[name].schemas
    assert set(PARTS[name].pages) <= set(kinds())


def test_given_the_parts_then_no_table_is_of_two_and_the_list_is_of_none() -> None:
    care, financing = PARTS["care"], PARTS["financing"]
    assert care.has("care_gate.payee")
    assert care.has("tasks.contact_plan")
    assert [table for table in models() if care.has(table) and financing.has(table)] == []
    assert not any(one.has("tasks.task") for one in PARTS.values())


@pytest.mark.parametrize(
    ("night", "pct", "lang", "said"),
    [
        (10.0, 25.0, Lang.en, "draws: 2.00 CPU s, 25.0% on the other 8.00"),
        (10.0, 25.0, Lang.zh_CN, "提款审核：CPU 2.00 秒，使当夜其余 8.00 秒增加 25.0%"),
        (2.0, None, Lang.en, "2.00 CPU s of 2.00 of the whole night, which cannot be"),
        (2.0, None, Lang.zh_CN, "而全夜仅 2.00 秒，不可能如此"),
    ],
)
def test_given_what_a_part_took_then_its_share_is_said_or_that_there_cannot_be_one(
    capsys: pytest.CaptureFixture[str], night: float, pct: float | None, lang: Lang, said: str
) -> None:
    found = PartBench(
        ORIGIN, "care", night, built={"care.draw_gate": 0.5}, written={"care.draw_gate": 0.5}, rendered_cpu_s=1.0,
        pages={"brief": 3},
    )  # fmt: skip
    assert found.added_pct() == pct
    show_part(found, lang)
    assert said in "".join(capsys.readouterr().out.split("\n"))


def test_given_a_name_that_is_no_part_then_it_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="'esg' is no part"):
        part("esg", ORIGIN.bank, None, Lang.en, as_json=False)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", PARTS)
def test_given_a_small_bank_then_a_night_is_measured_and_the_part_is_some_of_it(name: str, tmp_path: Path) -> None:
    found = run_part(Settings(home=tmp_path), name, size=Size(clients=60, months=13, txn_per_client=40, seed=1))
    own = PARTS[name]
    assert set(found.built) >= own.tables
    kept = {table for layer in ("care", "tasks") for table in layer_products(layer)}
    assert set(found.written) == {table for table in kept if own.has(table)}
    assert set(found.pages) == set(own.pages)
    assert name != "care" or found.pages["contact_plan"] > 0
    assert 0 < found.part_cpu_s < found.night_cpu_s
