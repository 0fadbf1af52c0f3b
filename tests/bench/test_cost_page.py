"""The page of where a recomputation's CPU goes: layers and tables, dearest first, and what is no table's own."""

from pathlib import Path

from nightdesk.cli.options import Lang
from nightdesk_lab.bench.cost_page import write_profile
from nightdesk_lab.cli.bench import _WORDS

TOOK = {"features.a": 1.0, "features_flow.b": 0.5, "warnings_indicator.c": 2.0, "warnings.d": 0.0025, "tasks.e": 0.02}


def test_given_what_each_table_took_then_layers_and_tables_stand_dearest_first_and_add_up(tmp_path: Path) -> None:
    page = write_profile(tmp_path / "bench", TOOK, 5.0, "[of a bank]", _WORDS[Lang.en]["profile"])
    assert page.read_text(encoding="utf-8").splitlines() == [
        "# Where a recomputation's CPU goes",
        "",
        "[of a bank]",
        "",
        "| layer | CPU s | % |",
        "|---|---:|---:|",
        "| warnings | 2.00 | 40.0 |",
        "| features | 1.50 | 30.0 |",
        "| tasks | 0.02 | 0.4 |",
        "| to register, write, open and close | 1.48 | 29.6 |",
        "| all | 5.00 | 100.0 |",
        "",
        "| table | CPU s | % |",
        "|---|---:|---:|",
        "| warnings_indicator.c | 2.00 | 40.0 |",
        "| features.a | 1.00 | 20.0 |",
        "| features_flow.b | 0.50 | 10.0 |",
        "| tasks.e | 0.02 | 0.4 |",
        "| 1 more tables | 0.00 | 0.0 |",
    ]


def test_given_nothing_was_measured_then_the_page_says_so_without_dividing(tmp_path: Path) -> None:
    page = write_profile(tmp_path, {}, 0.0, "", _WORDS[Lang.zh_CN]["profile"])
    assert "| 合计 | 0.00 | 0.0 |" in page.read_text(encoding="utf-8")
