"""The rule book: all parts of each indicator in both languages, what policy changed, what an evaluation said."""

import datetime
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from nightdesk.policy import policy
from nightdesk.reading.rulebook import rulebook_input
from nightdesk.render.catalogue import LANGUAGES, catalogue
from nightdesk.render.rulebook import render_rulebook
from nightdesk.render.rulebook_rules import Change, RuleBookInput, Rules

DAY = datetime.date(2026, 3, 31)
VOID = {"meta", "link", "br", "img", "hr"}


@pytest.fixture(scope="module")
def source() -> RuleBookInput:
    return rulebook_input("contract", DAY, "CNY")


@pytest.fixture(scope="module")
def pages(source: RuleBookInput) -> dict[str, str]:
    return dict(render_rulebook(source).pages)


def measured(code: str, use: str = "helps", n: int = 4) -> dict[str, Any]:
    share = {"k": 3, "n": n, "pct": "75.0", "low_pct": "30.1", "high_pct": "95.4"}
    lead = {"median_days": "88.00", "p25_days": "61.50", "p75_days": "120.00", "detected": 3}
    return {"code": code, "use": use, "flagged_months": 12, "precision": share, "hit": share, "marginal_hits": 1} | {
        "lead": lead
    }


def evaluation(*indicators: dict[str, Any]) -> dict[str, Any]:
    population = {"judged_events": 7}
    told = {"profile": "contract", "from": "2025-01-31", "to": "2026-02-28", "population": population}
    return told | {"indicators": list(indicators)}


class Ends(HTMLParser):
    """Elements that are not closed as they were opened, and addresses outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids |= {named["id"] or ""} if "id" in named else set()
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_given_the_same_policy_then_the_pages_are_the_same_bytes(source: RuleBookInput, pages: dict[str, str]) -> None:
    assert dict(render_rulebook(source).pages) == pages


def test_given_the_pages_then_each_is_whole_and_its_links_lead_to_pages_of_the_book(pages: dict[str, str]) -> None:
    seen = {}
    for name, html in pages.items():
        parser = Ends()
        parser.feed(html)
        assert (parser.wrong, parser.open) == ([], []), name
        seen[name] = parser
    for name, parser in seen.items():
        for link in parser.links:
            place, _, mark = link.partition("#")
            here = name.rpartition("/")[0]
            to = place.removeprefix("../") if place.startswith("../") else f"{here}/{place}" if place else name
            assert to in pages, (name, link)
            assert not mark or mark in seen[to].ids, (name, link)


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_policy_then_every_indicator_has_every_part(source: RuleBookInput, language: Any) -> None:
    t = catalogue(language)
    rules = {rule.code: rule for rule in Rules(source, t).all()}
    assert set(rules) == {row["indicator"] for row in policy()["indicator"].effective(DAY)}
    lacking = [
        (code, name)
        for code, rule in rules.items()
        for name in ("name", "formula", "source", "sentences", "steps", "reads", "history")
        if not getattr(rule, name) and not (name in ("steps", "reads") and rule.group == "Q")
    ]
    assert lacking == []
    untold = t("rulebook.no_words")
    assert [code for code, rule in rules.items() if untold in (rule.formula, rule.source)] == []


def test_given_lines_reached_and_passed_high_and_low_then_each_has_its_sign_and_unit(source: RuleBookInput) -> None:
    rules = {rule.code: rule for rule in Rules(source, catalogue("en")).all()}

    def lines(code: str) -> list[str]:
        return [f"{one.label} {one.line}" for one in rules[code].thresholds]

    assert lines("T04")[:2] == ["Amber ≥ 85%", "Red ≥ 95%"]
    assert lines("P01")[:3] == ["Amber ≥ 1 day", "Red > 30 days", "Hard > 90 days"]
    assert lines("P01")[3] == "at least Amber ≥ 1 day"
    assert lines("T06") == ["Amber ≤ 0.5", "Red ≤ 0.2"]
    assert lines("J16") == ["Amber < 10%", "Red < 0%"]
    assert lines("T21")[-1] == "Second red line 0.05"
    assert "Amount for red ≥ CNY 1,000,000" in lines("T01")


def test_given_an_unproven_indicator_then_its_points_are_halved_and_it_is_marked(
    source: RuleBookInput, pages: dict[str, str]
) -> None:
    rules = {rule.code: rule for rule in Rules(source, catalogue("en")).all()}
    assert dict(rules["F10"].facts)["Points"] == "red 5, amber 2.5"
    assert dict(rules["T01"].facts)["Points"] == "red 8, amber 4"
    card = pages["zh_CN/F.html"].split('id="F10"')[1].split("</article>")[0]
    assert "未经验证" in card
    assert "未经验证" not in pages["zh_CN/P.html"]


def test_given_bands_of_days_then_the_gravest_comes_first_and_each_is_said_in_words(source: RuleBookInput) -> None:
    rule = next(rule for rule in Rules(source, catalogue("zh_CN")).all() if rule.code == "P01")
    assert list(dict.fromkeys(step.band for step in rule.steps)) == [
        "超过 90天",
        "31-90天",
        "8-30天",
        "1-7天",
        "已核销",
    ]
    # what is written off has steps of its own and the colour of its days
    assert [step.tone for step in rule.steps if step.is_first] == ["red", "red", "orange", "amber", "none"]


def test_given_a_rule_that_names_settings_then_they_are_told_with_their_values(source: RuleBookInput) -> None:
    rule = next(rule for rule in Rules(source, catalogue("en")).all() if rule.code == "T13")
    assert {name: value for name, value, _ in rule.settings}["payer_share_pct"] == "20"


def test_given_no_evaluation_then_that_is_said_and_with_one_its_figures_stand_with_interval_and_number(
    source: RuleBookInput, pages: dict[str, str]
) -> None:
    assert "There is no evaluation yet" in pages["en/index.html"]
    told = render_rulebook(replace(source, evaluation=evaluation(measured("T04"), measured("T05", "never_fired", 0))))
    html = told.pages["en/T.html"]
    card = re.sub(r"<[^>]+>", " ", html.split('id="T04"')[1].split("</article>")[0])
    card = " ".join(card.split())
    for words in ("Use helps", "75.0% 30.1–95.4 · 3/4", "Hits alone 1", "88 61.5–120 · n=3", "events judged 7"):
        assert words in card, words
    assert "left out" not in card  # of an evaluation that was made before they were counted too
    other = html.split('id="T05"')[1].split("</article>")[0]
    assert "never fired" in other
    assert "75.0%" not in other


def test_given_an_evaluation_with_leads_left_out_then_their_number_stands_beside_the_lead(
    source: RuleBookInput,
) -> None:
    found = measured("T04")
    told = render_rulebook(replace(source, evaluation=evaluation(found | {"lead": found["lead"] | {"left_out": 2}})))
    assert 'n=3</span> <span class="ci">reconstructed, left out: 2</span>' in told.pages["en/T.html"]


def test_given_a_row_that_replaced_another_then_the_change_is_told_with_both_values(source: RuleBookInput) -> None:
    first = Change("indicator", datetime.date(1900, 1, 1), datetime.date(2025, 12, 31), "risk", "to begin with")
    then = Change("indicator", datetime.date(2026, 1, 1), None, "risk", "calibrated", (("amber_value", "85", "80"),))
    html = render_rulebook(replace(source, history={"T04": (first, then)})).pages["en/T.html"]
    card = html.split('id="T04"')[1].split("</article>")[0]
    assert "amber_value: 85 → 80" in card
    assert "2026-01-01" in card
    assert "2025-12-31" in card


def test_given_an_indicator_that_nobody_described_then_the_book_says_so_and_is_made(source: RuleBookInput) -> None:
    rows = [row for row in source.policy["indicator_source"] if row["indicator"] != "T04"]
    told = replace(source, policy={**source.policy, "indicator_source": rows})
    rule = next(rule for rule in Rules(told, catalogue("en")).all() if rule.code == "T04")
    assert (rule.formula, rule.trust) == ("Not told yet.", "Its source has not been told yet.")


def test_given_a_line_of_project_companies_then_it_stands_beside_the_one_of_all_others(source: RuleBookInput) -> None:
    row = next(row for row in source.policy["indicator"] if row["indicator"] == "T17")
    told = {
        language: [(one.label, one.tone, one.line) for one in Rules(source, catalogue(language)).of(row).thresholds]
        for language in ("zh_CN", "en")
    }
    assert [line for _, _, line in told["en"]] == ["< 90%", "< 70%", "< 100%", "0"]
    assert ("Amber of a project company", "amber", "< 100%") in told["en"]
    assert ("项目公司黄线", "amber", "< 100%") in told["zh_CN"]
