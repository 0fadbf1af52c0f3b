"""A night of a bank that supplies branches, clients and statements alone: colours and a list all the same."""

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from cumcm_files import FIRMS, HEADER, write_files
from night_runs import show_night

from nightdesk.reading.exporting import export
from nightdesk_lab.cumcm import load

NIGHT = datetime.date(2019, 1, 31)
pytestmark = [pytest.mark.slow, pytest.mark.long]


def _buys(firm: str, amounts: dict[int, int]) -> str:
    """A firm's file: what it buys in the middle of each month, by year; from before the first whole quarter on."""
    months = [(2016, 12), *((year, month) for year in amounts for month in range(1, 13)), (2019, 1)]
    lines = [
        f"{firm},{number},{year}-{month}-15,A1,{amounts.get(year, 1)},0,{amounts.get(year, 1)},有效发票 "
        for number, (year, month) in enumerate(months)
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def test_given_statements_alone_when_a_night_runs_then_who_fires_is_coloured_and_nobody_is_green(
    tmp_path: Path, fresh_settings: Any
) -> None:
    folder = write_files(tmp_path / "firms")
    (folder / "企业信息.csv").write_text("\n".join([*FIRMS, "E3 ***公司 B 否"]) + "\n", encoding="utf-8")
    for firm, amounts in (
        ("E1", {2017: 500_000, 2018: 200_000}),
        ("E2", {2017: 500_000, 2018: 490_000}),
        ("E3", {2018: 90}),
    ):
        (folder / "invoices_in" / f"企业代号={firm}.csv").write_text(_buys(firm, amounts), encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'raw.db'}"
    load(folder, url, is_partial=True)
    settings = fresh_settings()
    show_night(settings, NIGHT, url, "lists", profile="cumcm")

    def rows(table: str) -> dict[str, dict[str, str]]:
        text = export(settings, table, NIGHT, "csv", None, profile="cumcm") or ""
        return {row["client_id"]: row for row in csv.DictReader(io.StringIO(text))}

    warnings, signals = rows("warning"), rows("signal")
    # loans are not supplied: that is unknown, so there is a colour to give, and none is green
    assert {client: row["colour"] for client, row in warnings.items()} == {
        "E1": "blue", "E2": "not_assessed", "E3": "not_assessed",
    }  # fmt: skip
    assert (signals["E1"]["indicator"], signals["E1"]["severity"], signals["E1"]["value"]) == (
        "F10",
        "amber",
        "60.0000",
    )
    assert (warnings["E2"]["coverage"], warnings["E2"]["not_assessed"]) == ("1.0000", "")
    page = (settings.home / "out" / str(NIGHT) / "branch" / "SME" / "list.html").read_text(encoding="utf-8")
    assert page.count("贷款日余额") == 1  # what the bank does not supply is said once
    assert "以营业成本比较" in page
