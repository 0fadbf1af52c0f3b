"""What the reviews of a demo bank say of its stories: two nights, and a signature between them."""

import datetime
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from night_runs import MakeSettings, fresh_settings

from nightdesk.night.whole import run_night
from nightdesk_lab.demo_bank import generate
from nightdesk_lab.signed import sign_one

__all__ = ["fresh_settings"]
pytestmark = [pytest.mark.slow, pytest.mark.long]
LAST = datetime.date(2026, 3, 31)
BEFORE = LAST - datetime.timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """The pages of the last night, the truth of the bank, and who was signed."""

    folder: Path
    truth: list[str]
    signed: str
    again: str | None

    def page(self, project_id: str) -> str:
        """A project's page as its text."""
        html = (self.folder / "esg" / f"{project_id}.html").read_text(encoding="utf-8")
        text = re.sub(r"<(style|svg)[ >].*?</\1>", " ", html, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())

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
    return Shown(settings.out / str(LAST), truth.read_text(encoding="utf-8").splitlines()[1:], signed, again)


def test_given_a_signed_review_when_facts_change_then_its_page_says_that_and_what(shown: Shown) -> None:
    assert shown.signed in shown.of("order_stands")
    assert shown.again is None, "a second call signs nothing"
    page = shown.page(shown.signed)
    assert re.search("facts have changed since it was signed|签署后事实有变", page)
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
        r"已过期 许可.{0,60}已过期 \d+ 天 · 已于 \S+ 申请续期|Expired Permit.{0,80}Expired .{0,60}[Rr]enewal",
        shown.page(project),
    )


def test_given_a_project_that_hides_its_grievances_then_the_page_holds_its_word_against_the_register(
    shown: Shown,
) -> None:
    assert re.search("项目自报未结申诉0件，当时实有未结1件|reports 0 .{0,60} 1", shown.page("PRJ00042"))
