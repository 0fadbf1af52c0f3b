"""Two firms from their files to contract tables, on SQLite and PostgreSQL alike."""

import datetime
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cumcm_files import HEADER
from typer.testing import CliRunner

from nightdesk.contract import contract
from nightdesk.errors import SourceError
from nightdesk.source import Selection, open_source
from nightdesk_lab.cumcm import load

ZONE = ZoneInfo("Asia/Shanghai")


def mapped(url: str, name: str) -> list[dict[str, str | None]]:
    source, table = (
        open_source(url, "cumcm", ZONE, frozenset({"account", "txn", "loan", "instalment"})),
        contract()[name],
    )
    with source.moment() as bank:
        columns = bank.columns(table)
        assert columns is not None
        rows = bank.stream(table, columns, Selection(until=datetime.date(2019, 12, 31))).read_all().to_pylist()
    source.engine.dispose()
    return sorted(rows, key=str)


def test_given_a_firm_then_each_whole_quarter_is_what_it_bought_net_of_what_was_void_or_taken_back(
    small_bank: str,
) -> None:
    found = [(r["client_id"], r["period_end"], r["cost_of_sales"]) for r in mapped(small_bank, "statement")]
    assert found == [
        ("E1", "2017-06-30", "149.95"),  # its first quarter may have begun before, the last one of the data may go on
        ("E1", "2017-09-30", "0.00"),
        ("E1", "2017-12-31", "-7.01"),
        ("E2", "2017-12-31", "0.00"),
    ]


def test_given_a_quarter_then_it_is_known_a_month_after_its_end(small_bank: str) -> None:
    found = {(r["period_end"], r["published_on"], r["known_at"], r["is_ytd"]) for r in mapped(small_bank, "statement")}
    assert ("2017-06-30", "2017-07-31", "2017-07-31 23:59:59", "false") in found
    assert ("2017-12-31", "2018-01-31", "2018-01-31 23:59:59", "false") in found


def test_given_the_firms_then_they_are_companies_of_one_branch_and_nothing_of_the_outcome_is_taken(
    small_bank: str,
) -> None:
    first, second = mapped(small_bank, "client")
    assert (first["client_id"], first["name"]) == ("E1", "***电器 销售公司")
    assert (second["onboard_date"], second["known_at"]) == ("2017-09-30", "2017-09-30 23:59:59")
    assert (
        {row["branch_id"] for row in (first, second)}
        == {"SME"}
        == {r["branch_id"] for r in mapped(small_bank, "branch")}
    )
    words = {str(value) for row in (first, second) for value in row.values()}
    assert not words & {"A", "D", "是", "否"}


def test_given_a_profile_that_says_what_its_bank_has_not_then_those_tables_are_not_asked_for(small_bank: str) -> None:
    without = frozenset({"account", "txn", "instalment"})
    with open_source(small_bank, "cumcm", ZONE, without).moment() as bank:
        assert bank.columns(contract()["txn"]) is None
        with pytest.raises(SourceError, match="the required table 'loan' is missing"):
            bank.columns(contract()["loan"])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("企业信息.csv", "企业代号 企业名称\n", "does not begin with the columns"),
        ("企业信息.csv", "企业代号 企业名称 信誉评级 是否违约\nE1 A\n", "line 2 has not the 4 fields"),
        ("invoices_in/企业代号=E1.csv", "a,b\n", "begins with the columns"),
        ("invoices_in/企业代号=E1.csv", HEADER + "\nE1,2\n", "line 2 has 2 fields"),
    ],
)  # fmt: skip
def test_given_a_harmed_file_then_it_is_named_and_nothing_is_loaded(
    small_folder: Path, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (small_folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        load(small_folder, f"sqlite:///{tmp_path / 'none.db'}", is_partial=True)
    assert not (tmp_path / "none.db").exists()


def test_given_fewer_rows_than_were_published_then_they_are_refused_unless_that_is_meant(
    small_folder: Path, tmp_path: Path
) -> None:
    from nightdesk.cli import app

    command = ["load-cumcm", str(small_folder), "--url", f"sqlite:///{tmp_path / 'raw.db'}", "--json"]
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code != 0
    taken = CliRunner().invoke(app, [*command, "--partial"])
    assert json.loads(taken.stdout)["tables"] == {"firm": 2, "invoice_in": 7}
