"""Ties, groups and leads of a published night, by export and on the page that is asked for; with links and without."""

import csv
import datetime
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest
from hand_bank import Bank, D, months_back, ten_clients, write_sqlite
from night_runs import publish_night

from nightdesk.errors import UsageError
from nightdesk.reading.briefing import opened
from nightdesk.reading.ecosystem import ecosystem_of
from nightdesk.reading.exporting import export
from nightdesk.render.client_page import render_client_page
from nightdesk.render.ecosystem import ecosystem_page
from nightdesk.settings import Settings, sql_root

MakeSettings = Callable[[], Settings]
SUPPLIER = "远方材料有限公司"


def tied_bank(*, links: bool) -> Bank:
    """C01, C02 and C07 (of the other branch) control each other, C08 itself; C03 and C04 own C09 half and half; C01 and
    C02 buy from a supplier that is no client, by its number and by its name."""
    bank = ten_clients()
    for number, day in enumerate(months_back()):
        if number < 3:
            continue
        for client, party in (("C01", {"counterparty_id": "K1"}), ("C02", {})):
            bank["txn"].append(
                {
                    "txn_id": f"S{client}{number}",
                    "account_id": f"A{client[1:]}",
                    "booked_on": day + datetime.timedelta(days=4),
                    "direction": "D",
                    "amount": 200_000,
                    "counterparty_name": SUPPLIER,
                    "counterparty_bank": "他行",
                    "counterparty_kind": "company",
                    "purpose": "other",
                }
                | {"counterparty_id": None}
                | party
            )
    if links:
        pairs = [("C01", "C02"), ("C02", "C07"), ("C07", "C01"), ("C08", "C08"), ("C03", "C09"), ("C04", "C09")]
        bank["client_link"] = [
            {"client_id": one, "other_client_id": other, "kind": "controls", "share_pct": 50} for one, other in pairs
        ]
    return bank


def published(settings: Settings, folder: pytest.TempPathFactory, *, links: bool) -> Settings:
    publish_night(settings, D, write_sqlite(tied_bank(links=links), folder.mktemp("bank") / "bank.db"))
    return settings


@pytest.fixture(scope="module")
def tied(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return published(fresh_settings(), tmp_path_factory, links=True)


@pytest.fixture(scope="module")
def untied(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return published(fresh_settings(), tmp_path_factory, links=False)


def rows(settings: Settings, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(export(settings, table, D, "csv", None)))))


def page(settings: Settings, wanted: str, branch: str | None = None) -> str:
    with opened(settings, D, None) as night:
        return render_client_page(ecosystem_page(ecosystem_of(night, wanted, branch)))


def test_given_links_when_exported_then_circles_are_named_and_a_joint_venture_is_none(tied: Settings) -> None:
    totals = {row["group_id"]: row for row in rows(tied, "group_total")}
    assert {group: row["circle_members"] for group, row in totals.items() if row["control_issue"]} == {
        "circle:C01": "C01, C02, C07",
        "circle:C08": "C08",
    }
    assert totals["circle:C01"]["branch_count"] == "2"
    links = {(row["from_id"], row["to_id"]): row["is_circular"] for row in rows(tied, "group_link")}
    assert links[("C02", "C07")] == "true"
    assert links[("C03", "C09")] == links[("C04", "C09")] == "false"


def test_given_a_supplier_by_number_and_by_name_then_each_is_a_lead_with_who_knows_it(tied: Settings) -> None:
    leads = {row["party_id"]: row for row in rows(tied, "lead")}
    assert leads["K1"]["client_id"] == "C01"
    assert leads["K1"]["role"] == "supplier"
    named = next(row for party, row in leads.items() if party.startswith("name:"))
    assert (named["client_id"], named["name"], named["bank"]) == ("C02", SUPPLIER, "他行")
    assert float(named["certainty_pct"]) < float(leads["K1"]["certainty_pct"])


def test_given_a_client_when_its_page_is_asked_for_then_the_other_branchs_is_lettered_and_named_to_its_own(
    tied: Settings,
) -> None:
    own = page(tied, "C01")
    assert "客户02有限公司" in own
    assert "他机构客户 A" in own
    assert "C07" not in own
    assert "客户07" not in own
    assert SUPPLIER in own
    other = page(tied, "circle:C01", "B2")
    assert "客户07有限公司" in other
    assert "客户01" not in other
    assert "客户02" not in other


def test_given_no_client_and_no_group_then_one_line_says_so(tied: Settings) -> None:
    with opened(tied, D, None) as night:
        with pytest.raises(UsageError, match="knows no client and no group 'C99'"):
            ecosystem_of(night, "C99")
        with pytest.raises(UsageError, match="knows no branch 'B9'"):
            ecosystem_of(night, "C01", "B9")


def test_given_a_source_without_links_then_nothing_is_said_to_be_none(untied: Settings) -> None:
    assert rows(untied, "group_total") == []
    assert [row["party_id"] for row in rows(untied, "lead")] != []
    html = page(untied, "C01")
    assert "未发现与其他客户的关系" not in html
    assert "未提供" in html


def test_given_leads_then_each_is_one_task_of_the_branch_that_names_it_and_says_how_sure_that_is(
    tied: Settings,
) -> None:
    asked = {row["subject"]: row for row in rows(tied, "task") if row["kind"] == "lead"}
    leads = {row["party_id"]: row for row in rows(tied, "lead") if float(row["certainty_pct"]) >= 75}
    assert asked.keys() == leads.keys()
    assert SUPPLIER in asked["K1"]["reason_zh"]
    assert "90%" in asked["K1"]["reason_zh"]
    assert {row["client_id"] for row in asked.values()} == {"C01", "C02"}


@pytest.mark.parametrize("table", sorted(path.stem for path in sql_root().glob("*/export/*.sql")))
def test_given_what_only_a_page_asks_when_exported_then_it_is_made_and_sorted_and_an_empty_one_has_its_heads(
    tied: Settings, table: str, tmp_path: Path
) -> None:
    text = str(export(tied, table, D, "csv", None))
    found = rows(tied, table)
    assert text.startswith("client_id,")
    assert found == sorted(found, key=lambda row: row["client_id"])
    if table == "concentration":
        assert {row["name"] for row in found if row["side"] == "supplier"} == {SUPPLIER}
        shown = page(tied, "C01")
        assert all(f"{float(row['share_pct']):.1f}%" in shown for row in found if row["client_id"] == "C01")
    assert export(tied, table, D, "parquet", tmp_path / "x.parquet") is None
    assert pyarrow.parquet.read_table(tmp_path / "x.parquet").num_rows == len(found)
