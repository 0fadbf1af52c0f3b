"""What the reviews of a demo bank say of its stories: two nights, and a signature between them."""

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from axe import WIDTHS, needs_axe, violations
from night_runs import MakeSettings, fresh_settings
from page_figures import Row, figures_in, follows, forms_of, rows_of, text_of, told_by

from nightdesk.night.reviewing import night_of, write_portfolio, write_reviews
from nightdesk.night.whole import run_night
from nightdesk.policy import policy
from nightdesk.reading.behind_pages import BEHIND_PAGES
from nightdesk.reading.book import disclosure_inputs, portfolio_inputs
from nightdesk.reading.exporting import export
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.book import SHOWN, BookInput, render_book
from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.settings import Settings
from nightdesk_lab.demo_bank import generate
from nightdesk_lab.signed import sign_one

__all__ = ["fresh_settings"]
pytestmark = [pytest.mark.slow, pytest.mark.long]
#: the exports that a project's review is made of
OF_A_PROJECT = (
    "project_review", "covenant", "incident", "action", "permit", "insurance", "performance_standard",
    "financed_emission", "esg_due", "taxonomy", "equator_reading", "grievance", "esg_review", "review_condition",
    "review_fact", "kpi", "esg_item_state", "esg_score", "draw_gate", "evidence_request", "signal", "kpi_history",
    "project_party", "later_fact",
)  # fmt: skip
LAST = datetime.date(2026, 3, 31)
BEFORE = LAST - datetime.timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """The pages of the last night, the truth of the bank, and who was signed."""

    settings: Settings
    truth: list[str]
    signed: str
    again: str | None

    def page(self, project_id: str) -> str:
        """A project's page as its text."""
        path = self.settings.out / str(LAST) / "esg" / f"{project_id}.html"
        return text_of(path.read_text(encoding="utf-8"))

    def exported(self, table: str, day: datetime.date = LAST) -> list[Row]:
        """The rows of an export."""
        return rows_of(str(export(self.settings, table, day, "csv", None)))

    @cached_property
    def by_project(self) -> dict[str, dict[str, list[Row]]]:
        """By project and export its rows of the last night, and the facts of the night that a review was signed on."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for table in OF_A_PROJECT:
            for row in self.exported(table):
                found[row["project_id"]][table].append(row)
        for row in self.exported("review_fact", BEFORE):
            found[row["project_id"]]["signed_fact"].append(row)
        return found

    def of(self, story: str) -> list[str]:
        """The projects that live a story."""
        return [line.split(",")[7] for line in self.truth if line.split(",")[1] == story]


@pytest.fixture(scope="module")
def shown(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("bank")
    url, truth = f"sqlite:///{folder / 'bank.db'}", folder / "truth.csv"
    generate(url, clients=110, until=LAST, months=9, seed=4, projects=48, truth=truth, txn_per_client=30)
    settings = fresh_settings()
    run_night(settings, BEFORE, source=url)
    signed = sign_one(settings, url, BEFORE)
    again = sign_one(settings, url, BEFORE)
    run_night(settings, LAST, source=url)
    assert signed is not None
    return Shown(settings, truth.read_text(encoding="utf-8").splitlines()[1:], signed, again)


def test_given_a_signed_review_when_facts_change_then_its_page_says_that_and_what(shown: Shown) -> None:
    assert shown.signed in shown.of("order_stands")
    assert shown.again is None, "a second call signs nothing"
    page = shown.page(shown.signed)
    assert re.search("facts have changed since it was signed|签批后事实有变", page)
    assert re.search(r"(New|新增) (Penalty|行政处罚) INC\d+ — (open|未结)", page)


def test_given_two_open_orders_to_stop_then_both_pages_are_red_and_name_the_order(shown: Shown) -> None:
    projects = shown.of("order_stands")
    assert len(projects) == 2
    for project in projects:
        page = shown.page(project)
        assert re.search("Act now|需立即处理", page[:1500]), project
        assert re.search("[Oo]pen Stop order|未关闭 停产令", page), project


def test_given_a_licence_that_ran_out_while_its_renewal_waits_then_the_page_says_both(shown: Shown) -> None:
    (project,) = shown.of("renewal_waits")
    assert re.search(
        r"已过期 许可.{0,120}已过期 \d+ 天 · 已于 \S+ 申请延续|Expired Permit.{0,160}[Ee]xpired .{0,80}[Rr]enewal",
        shown.page(project),
    )


def test_given_a_project_that_hides_its_grievances_then_the_page_holds_its_word_against_the_register(
    shown: Shown,
) -> None:
    assert re.search("项目自报未结申诉0件，当时实有未结1件|reports 0 .{0,60} 1", shown.page("PRJ00042"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_every_review_in_either_language_then_each_figure_of_it_is_found_in_the_exports(
    shown: Shown, language: Language
) -> None:
    night = night_of(shown.settings, business_date=LAST)
    projects = sorted(filter(None, shown.by_project))  # a company's loan has none
    assert write_reviews(shown.settings, night, projects, language=language) == len(projects) == 48
    # the one line of policy that a review names
    lines = [row for row in policy()["esg_setting"].effective(LAST) if row["setting"] == "score_least_coverage_pct"]
    of_night = told_by([*shown.exported("night"), {"least": str(lines[0]["value"])}], language)
    lost = {}
    for project in projects:
        html = (shown.settings.home / "esg" / str(LAST) / "esg" / f"{project}.html").read_text(encoding="utf-8")
        own = shown.by_project[project]
        known = of_night | told_by((row for rows in own.values() for row in rows), language)
        known |= {form for value in follows(own, LAST) for form in forms_of(value, language)}
        if found := figures_in(text_of(html), language) - known:
            lost[project] = sorted(found)
    assert lost == {}
    # the search sees a figure that no export has
    assert figures_in("987,654.3", language) - known == {"987,654.3"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_review_of_the_book_then_each_figure_of_it_is_found_in_the_exports(
    shown: Shown, language: Language
) -> None:
    pages = write_portfolio(shown.settings, night_of(shown.settings, business_date=LAST))
    (page,) = (path for path in pages if path.name.endswith(f"{language}.html"))
    html = page.read_text(encoding="utf-8")
    leads = set(re.findall('href="#([^"]+)"', html))
    assert leads <= set(re.findall('id="([^"]+)"', html)), "a figure leads to no list"
    assert {"overdue_action", "permit_due", "incident_listed", "review_listed", "approval_waiting", "project"} <= leads
    tables = {name: shown.exported(name) for name in BEHIND_PAGES if name.startswith("portfolio_")}
    known = told_by((row for rows in (*tables.values(), shown.exported("night")) for row in rows), language)
    known |= {form for value in _more(tables.values()) for form in forms_of(value, language)}
    assert sorted(figures_in(text_of(html), language) - known) == []
    assert figures_in("987,654.3", language) - known == {"987,654.3"}


def _more(tables: Iterable[list[Row]]) -> Iterable[str]:
    """How many rows of a list stand in the workbook alone."""
    return (str(len(rows) - SHOWN) for rows in tables if len(rows) > SHOWN)


@needs_axe
@pytest.mark.parametrize("inputs", [portfolio_inputs, disclosure_inputs])
def test_given_the_pages_of_the_book_then_axe_finds_no_violation_and_nothing_scrolls_sideways(
    shown: Shown, inputs: Callable[[PublishedNight], Sequence[BookInput]], tmp_path: Path
) -> None:
    with PublishedNight(shown.settings, night_of(shown.settings, business_date=LAST)) as night:
        pages = {source.language: render_book(source) for source in inputs(night)}
    found = {(lang, width): violations(html, width, tmp_path) for lang, html in pages.items() for width in WIDTHS}
    assert [line for lines in found.values() for line in lines] == []
    assert set(pages) == set(LANGUAGES)
