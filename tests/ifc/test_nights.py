"""A night of a list of projects and no more: each has a page, what is dirty is named, and the book is told honestly."""

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from ifc_files import write_file
from night_runs import show_night

from nightdesk.desk.database import open_desk
from nightdesk.errors import Refused, UsageError
from nightdesk.night import reviewing
from nightdesk.night.page_kind import Pages, portfolio
from nightdesk.night.review_mails import send_reviews
from nightdesk.reading.book import disclosure_inputs, portfolio_inputs
from nightdesk.reading.exporting import export
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.book import render_book
from nightdesk.render.book_output import write_book
from nightdesk_lab.ifc import load

NIGHT = datetime.date(2025, 12, 31)
pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, fresh_settings: Any) -> Any:
    folder = tmp_path_factory.mktemp("ifc")
    url = f"sqlite:///{folder / 'raw.db'}"
    load(write_file(folder / "list"), url, is_partial=True)
    settings = fresh_settings()
    with pytest.raises(Refused, match="no night is published yet"):
        reviewing.night_of(settings, profile="ifc")
    show_night(settings, NIGHT, url, "esg", "quality", "portfolio", profile="ifc")
    return settings


def rows(settings: Any, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(settings, table, NIGHT, "csv", None, profile="ifc") or "")))


def test_given_the_list_then_each_project_has_a_page_that_says_what_to_ask_for_first_and_one_number_twice_has_none(
    settings: Any,
) -> None:
    assert [row["project_id"] for row in rows(settings, "project_review")] == ["101", "102", "103", "104", "99"]
    first = {
        r["project_id"]: (r["category"], r["evidence"]) for r in rows(settings, "evidence_request") if r["place"] == "1"
    }
    assert first == {
        "101": ("A", "environmental_assessment"),
        "102": ("B", "action_plan"),
        "103": ("FI", "management_system"),
        "104": ("unknown", "category"),
        "99": ("C", "permits"),
    }
    page = (settings.out / str(NIGHT) / "esg" / "101.html").read_text(encoding="utf-8")
    assert "What to ask for first" in page
    assert "USD 150.05m" in page  # what was approved


def test_given_dirt_in_the_list_then_the_quality_page_names_each_kind_of_it(settings: Any) -> None:
    twin = json.loads((settings.out / str(NIGHT) / "quality.json").read_text(encoding="utf-8"))
    quarantined = {(r["table_name"], r["rule"]) for r in twin["quarantine"]}
    assert ("project", "key_conflict") in quarantined
    failed = {(r["table_name"], r["rule"], r.get("column_name")) for r in twin["expectations"] if not r["success"]}
    assert {("project", "field_empty", "country"), ("project", "field_empty", "approved_on")} <= failed
    assert {("project", "html_entity", "department"), ("client", "name_is_placeholder", "name")} <= failed


def test_given_the_last_day_of_a_month_then_the_night_writes_the_book_beside_its_lists(settings: Any) -> None:
    folder = settings.out / str(NIGHT) / "portfolio"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"portfolio_{language}.{kind}" for language in ("en", "zh_CN") for kind in ("html", "pdf", "xlsx")
    ]


def test_given_another_day_then_no_book_is_written(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "is_month_end", lambda _: False)
    with PublishedNight(settings, reviewing.night_of(settings, profile="ifc")) as night:
        assert list(portfolio.pages(Pages(night))) == []


def test_given_nothing_but_a_list_then_the_book_counts_projects_and_calls_nothing_none(settings: Any) -> None:
    with PublishedNight(settings, reviewing.night_of(settings, profile="ifc")) as night:
        chinese, english = portfolio_inputs(night)
    mix = {(r["category"], r["stage"]): r["project_count"] for r in english.rows["esg_portfolio.category_mix"]}
    assert mix == {
        ("A", "construction"): 1,
        ("B", "operation"): 1,
        ("C", "operation"): 1,
        ("FI", "operation"): 1,
        ("unknown", "construction"): 1,
    }
    assert english.headline["project_count"] == 5
    assert english.headline["incidents_open"] is None
    page = render_book(english)
    assert 'href="#project-1"' in page
    assert 'id="project-1"' in page
    assert "Not supplied" in page
    assert "项目融资环境与社会组合审查" in render_book(chinese)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in page.replace("晨单", ""))


def test_given_the_disclosure_then_its_tables_are_csv_with_codes_and_every_project_is_in_one_row(
    settings: Any, tmp_path: Path
) -> None:
    with PublishedNight(settings, reviewing.night_of(settings, profile="ifc")) as night:
        pages = write_book(tmp_path, disclosure_inputs(night), with_csv=True)
    assert [page.name for page in pages] == ["disclosure_zh_CN.html", "disclosure_en.html"]
    text = (tmp_path / "disclosure" / "equator.csv").read_text(encoding="utf-8")
    found = list(csv.DictReader(io.StringIO(text)))
    assert sum(int(row["project_count"]) for row in found) == 4  # one is too small to be reached
    assert {row["region"] for row in found} == {row["region"] for row in found} & {"asia_pacific", "emea", "unknown"}
    assert (tmp_path / "disclosure" / "pcaf.csv").read_text(encoding="utf-8").count("\n") == 1  # its header alone


def test_given_a_project_and_a_language_then_that_review_is_written_apart_from_the_night(settings: Any) -> None:
    publication = reviewing.night_of(settings, profile="ifc", period=NIGHT)
    assert publication.business_date == NIGHT
    assert reviewing.projects_of(settings, publication, "103") == ["103"]
    with pytest.raises(UsageError, match="knows no project 7"):
        reviewing.projects_of(settings, publication, "7")
    with pytest.raises(UsageError, match="no night up to 2025-12-30"):
        reviewing.night_of(settings, profile="ifc", period=NIGHT - datetime.timedelta(days=1))
    with pytest.raises(UsageError, match="a business date and a period"):
        reviewing.night_of(settings, profile="ifc", period=NIGHT, business_date=NIGHT)
    assert reviewing.write_reviews(settings, publication, ["103"], language="zh_CN") == 1
    folder = reviewing.reviews_folder(settings, publication) / "esg"
    assert sorted(path.name for path in folder.iterdir()) == ["103.html", "103.pdf"]
    assert "优先索取的材料" in (folder / "103.html").read_text(encoding="utf-8")


def test_given_a_bank_without_staff_or_addresses_then_nobody_is_mailed(settings: Any, tmp_path: Path) -> None:
    publication = reviewing.night_of(settings, profile="ifc")
    assert send_reviews(settings, publication, ["101"], tmp_path, None) == {}
    assert open_desk(settings)  # the desk is there: nothing was refused for want of it
