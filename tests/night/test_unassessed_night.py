"""What a source supplies and no rule reads is named wherever a verdict of the night stands."""

import json

import pytest
from hand_bank import D, ten_clients, write_sqlite
from night_runs import MakeSettings, show_night

from nightdesk.reading.explaining import explain
from nightdesk.settings import Settings


@pytest.fixture(scope="module")
def published(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A night whose source has targets, an index of sectors, holdings and a project; no permits, no insurance."""
    bank, settings = ten_clients(), fresh_settings()
    staff = str(bank["staff"][0]["staff_id"])
    bank["target"] = [{"staff_id": staff, "quarter": "2026Q1", "measure": "deposit_growth_amt", "target_value": 1}]
    bank["sector_index"] = [{"sector_code": "D44", "month": D.replace(day=1), "name": "price", "value": 1}]
    bank["product_holding"] = [{"client_id": "C01", "product": "payroll_service"}]
    bank["project"] = [
        {"project_id": "P1", "client_id": "C01", "branch_id": "B1", "name": "风电", "stage": "operation"},
    ]
    source = write_sqlite(bank, tmp_path_factory.mktemp("bank") / "bank.db")
    show_night(settings, D, source, "lists", "esg", "quality")
    return settings


def page(settings: Settings, *parts: str) -> str:
    return (settings.out / str(D)).joinpath(*parts).read_text(encoding="utf-8")


def test_given_targets_that_no_rule_reads_then_the_list_names_them_and_says_what_the_others_serve(
    published: Settings,
) -> None:
    text = page(published, "branch", "B1", "list.txt")
    (line,) = (line for line in text.splitlines() if line.startswith("已提供、本版未评估"))
    assert line.endswith("：目标、行业指数（没有规则读取）；只用于任务与等级、不影响颜色：产品持有")
    assert "in the data assessed" in page(published, "branch", "B2", "list.txt")
    english = page(published, "branch", "B2", "list.txt")
    assert "Supplied, not assessed by this version: targets, sector indices" in english


def test_given_a_project_without_papers_then_its_page_is_not_green_and_says_what_is_not_supplied(
    published: Settings,
) -> None:
    html = page(published, "esg", "P1.html")
    assert "已提供、本版未评估" not in html
    assert 'class="verdict v-not_assessed"' in html
    assert "未提供：保险、许可，本项未评估。" in html
    assert "已提供的数据中没有登记的许可或保险" not in html


def test_given_tables_without_record_then_each_page_names_those_its_figures_rest_on(published: Settings) -> None:
    text = page(published, "branch", "B1", "list.txt")
    (line,) = (line for line in text.splitlines() if line.startswith("获知时间"))
    assert "客户" in line
    assert not any(word in line for word in ("机构", "员工", "目标", "行业指数"))
    assert "产品持有" not in page(published, "esg", "P1.html").split("获知时间")[-1]


def test_given_the_quality_page_then_the_tables_that_no_verdict_reads_are_marked(published: Settings) -> None:
    twin = json.loads(page(published, "quality.json"))
    assert twin["not_assessed"] == ["sector_index", "target"]
    marked = {row["table_name"] for row in twin["tables"] if row["supplied"] and not row["is_assessed"]}
    assert marked == {"target", "sector_index"}


def test_given_an_explanation_then_it_says_what_the_colour_does_not_rest_on(published: Settings) -> None:
    basis = explain(published, "C01", D)["basis"]
    assert "target" in basis["not_assessed"]
    assert basis["deeds_only"] == ("product_holding",)
    assert "permit" in basis["not_supplied"]
    assert "branch" not in basis["not_point_in_time"]
