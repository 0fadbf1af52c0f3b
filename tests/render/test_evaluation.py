"""The evaluation page: every share with interval and number, drawings, and what stands where nothing is known."""

import datetime
import json
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from golden import matches
from nightdesk.render.evaluation import render_evaluation
from nightdesk.render.evaluation_figures import EvaluationInput, evaluation_of
from nightdesk.render.evaluation_plots import WIDTH, lead_plot, precision_plot, pyramid_plot
from nightdesk.render.rows import as_rows

DAY = datetime.date(2025, 12, 31)
COUNTS = [
    "events",
    "hits",
    "marginal_hits",
    "detected",
    "left_out",
    "early",
    "with_visible_day",
    "before_visible",
    "episodes",
    "complete_episodes",
    "followed_episodes",
    "censored_episodes",
    "censored_followed_episodes",
    "flagged_months",
    "censored_months",
    "false_months",
    "quiet_months",
    "complete_months",
    "followed_months",
]


def measure(kind: str, code: str, **counts: object) -> dict[str, object]:
    """What the models say of a measure: nothing, but for the counts given."""
    days = dict.fromkeys(("lead_p25_days", "lead_median_days", "lead_p75_days", "delay_median_days", "use"))
    use = {"use": "never_fired"} if kind == "indicator" else {}
    return {"kind": kind, "code": code, **dict.fromkeys(COUNTS, 0), **days, **use, **counts}


def nothing() -> EvaluationInput:
    """One night of a bank without clients."""
    kinds = [(kind, code) for kind in ("colour", "colour_without_arrears") for code in ("amber", "orange", "red")]
    kinds += [(kind, code) for kind in ("yardstick", "same_workload") for code in ("days_past_due", "utilisation")]
    settings = {"horizon_days": 365, "hit_lead_days": 30, "live_days": 3, "early_lead_days": 90, "reopen_days": 30}
    settings |= {"lead_band_days": 30, "event_days_past_due": 90, "event_class_rank": 2}
    settings |= {"yardstick_days_past_due": 1, "useful_lift": 2, "useful_least_episodes": 30, "confidence_pct": 95}
    counted = ("clients", "client_months", "complete_months", "followed_months", "not_assessed_months", "events")
    return EvaluationInput(
        profile="contract",
        date_from=DAY,
        date_to=DAY,
        nights=[{"night": DAY, "revision": 1}],
        months_without_night=(),
        is_from_truth=False,
        policy_versions=1,
        reconstructed=0,
        settings={name: Decimal(value) for name, value in settings.items()},
        population={"nights": 1, "judged_events": 0, "later_events": 0, **dict.fromkeys(counted, 0)},
        measures=[measure(kind, code) for kind, code in kinds],
        shares=[],
        bands=[],
        indicator_names={},
    )


def something() -> EvaluationInput:
    """Ten events, of which amber told three, and three indicators."""
    found = nothing()
    told = {"events": 10, "hits": 3, "detected": 2, "left_out": 1, "early": 1, "lead_median_days": Decimal("95.5")}
    told |= {"lead_p25_days": Decimal("80.25"), "lead_p75_days": Decimal("110.75"), "with_visible_day": 2}
    told |= {"delay_median_days": Decimal("12"), "false_months": 50, "quiet_months": 1000, "flagged_months": 70}
    others = [row for row in found.measures if (row["kind"], row["code"]) != ("colour", "amber")]  # type: ignore[union-attr]
    share = {"population": "all", "night": DAY, "total": 8}
    return replace(
        found,
        measures=[
            measure("colour", "amber", **told, censored_months=10),
            *others,
            measure("indicator", "LESS", use="no_help", complete_episodes=10, followed_episodes=1, flagged_months=9),
            measure("indicator", "MORE", use="helps", complete_episodes=10, followed_episodes=9, flagged_months=9),
            measure("indicator", "<b>", use="never_fired"),
        ],
        shares=[
            share | {"colour": "red", "clients": 1, "share_pct": Decimal("12.5")},
            share | {"colour": "amber", "clients": 0, "share_pct": Decimal(0)},
            share | {"colour": "violet", "clients": 7, "share_pct": Decimal("87.5")},
        ],
        bands=[
            {"kind": "colour", "code": "amber", "from_days": 60, "events": 1},
            {"kind": "colour", "code": "amber", "from_days": 90, "events": 1},
        ],
    )


class Balanced(HTMLParser):
    """Holds that what is opened is closed, innermost first."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_given_three_of_ten_then_page_and_twin_say_the_share_its_interval_and_both_numbers() -> None:
    rendered = render_evaluation(something())
    assert '<b>30.0%</b> <span class="ci">10.8–60.3 · 3/10</span>' in rendered.html
    hit = json.loads(rendered.json)["colours"][0]["hit"]
    assert hit == {"k": 3, "n": 10, "pct": "30.0", "low_pct": "10.8", "high_pct": "60.3"}


def test_given_false_alarms_and_hits_then_noise_is_divided_by_signal() -> None:
    amber, *_ = evaluation_of(something()).colours
    assert (str(amber.false_alarm), amber.noise_to_signal) == ("5.0% [3.8–6.5] 50/1000", Decimal("0.167"))
    # 60 flagged client-months have their horizon behind them, 50 of them were false
    assert str(amber.month_precision) == "16.7% [9.3–28.0] 10/60"
    assert (amber.lead.detected, amber.lead.undetected, amber.lead.left_out) == (2, 7, 1)
    assert str(amber.lead.early) == "50.0% [9.5–90.5] 1/2"


@pytest.mark.parametrize("source", [nothing(), something()], ids=["nothing", "something"])
def test_given_any_input_then_the_page_is_whole_says_uncalibrated_and_the_same_input_gives_the_same_bytes(
    source: EvaluationInput,
) -> None:
    rendered = render_evaluation(source)
    parser = Balanced()
    parser.feed(rendered.html)
    assert parser.open == []
    assert "未校准" in rendered.html
    assert "None" not in rendered.html
    again = render_evaluation(source)
    assert (again.html, again.json) == (rendered.html, rendered.json)


def test_given_no_event_and_no_client_then_nothing_is_drawn_and_the_page_says_so() -> None:
    page = render_evaluation(nothing()).html
    assert "<svg" not in page
    for words in ("没有可评判的事件", "没有客户", '— <span class="ci">0/0</span>'):
        assert words in page


def test_given_what_has_to_be_known_first_then_it_is_said_only_where_it_is_so() -> None:
    plain = render_evaluation(nothing()).html
    noted = render_evaluation(
        replace(nothing(), is_from_truth=True, months_without_night=("2025-11",), policy_versions=2, reconstructed=1)
    ).html
    for words in ("真相文件（", "2025-11", "2 个政策版本", "1 夜是事后重建的"):
        assert words in noted
        assert words not in plain
    assert "逾期超过 90 天" in plain


def test_given_indicators_then_those_that_never_help_are_listed() -> None:
    page = render_evaluation(something()).html
    assert re.search(r"没有帮助.{0,80}</span> <span class=\"mono\">LESS</span></p>", page)
    assert "从未触发" in page
    assert page.count("&lt;b&gt;") == 1  # what never fired is in the list only, and a code is no markup
    assert [one.code for one in evaluation_of(something()).indicators] == ["MORE", "LESS", "<b>"]


def test_given_leads_then_each_band_has_its_bar_and_the_undetected_stand_at_the_end() -> None:
    found = evaluation_of(something())
    drawn = lead_plot(found.bands, found, 30, 365)
    assert drawn is not None
    assert [bar.value for bar in drawn.bars] == ["1", "1", "7"]
    assert drawn.bars[-1].height == max(bar.height for bar in drawn.bars)
    assert [bar.x for bar in drawn.bars] == sorted(bar.x for bar in drawn.bars)
    assert drawn.bars[-1].x + drawn.bars[-1].width <= WIDTH
    assert [tick.label for tick in drawn.labels] == ["0", "90", "180", "270", "360+", "missed"]


def test_given_shares_then_a_colour_that_is_not_known_here_comes_last_and_the_tip_is_stacked() -> None:
    everybody, *others = evaluation_of(something()).pyramids
    assert [(share.colour, share.mean_pct) for share in everybody.means] == [
        ("red", Decimal("12.50")),
        ("amber", Decimal("0.00")),
        ("violet", Decimal("87.50")),
    ]
    drawn = pyramid_plot(everybody)
    assert drawn is not None
    assert [(bar.tone, bar.value) for bar in drawn.bars] == [("red", "2025-12 12.50%")]
    assert [pyramid_plot(one) for one in others] == [None, None]


def test_given_precisions_then_the_best_is_first_what_never_fired_is_not_drawn_and_no_help_is_hollow() -> None:
    drawn = precision_plot(evaluation_of(something()).indicators, Decimal("10.0"))
    assert drawn is not None
    assert [(row.code, row.is_useless) for row in drawn.rows] == [("MORE", False), ("LESS", True)]
    for row in drawn.rows:
        assert 0 < row.low <= row.at <= row.high < WIDTH
    assert precision_plot([], None) is None


def test_given_a_precision_of_nothing_then_its_point_stands_at_nought_and_after_one_of_half_a_percent() -> None:
    said = [
        measure("indicator", "NEVER", use="no_help", complete_episodes=200, followed_episodes=0),
        measure("indicator", "SELDOM", use="no_help", complete_episodes=200, followed_episodes=1),
    ]
    drawn = precision_plot(
        evaluation_of(replace(nothing(), measures=[*as_rows(nothing().measures), *said])).indicators, None
    )
    assert drawn is not None
    seldom, never = drawn.rows
    assert (seldom.code, never.code) == ("SELDOM", "NEVER")
    assert never.low == never.at == drawn.ticks[0].at < seldom.at < never.high


def test_given_what_helps_and_what_does_not_then_it_is_told_where_policys_mark_differs() -> None:
    source = replace(something(), unproven=frozenset({"MORE"}))
    rendered = render_evaluation(source)
    meaning = "part of its points, a red counts as an amber, an amber by its points alone"
    assert f"Marked as unproven by policy ({meaning}): MORE" in rendered.html
    assert "No help, and not marked as unproven by policy: LESS;" in rendered.html
    assert "Help, and still marked as unproven by policy: MORE;" in rendered.html
    assert json.loads(rendered.json)["unproven_indicators"] == ["MORE"]
    agreed = render_evaluation(replace(something(), unproven=frozenset({"LESS"}))).html
    assert "not marked as unproven" not in agreed
    assert "still marked as unproven" not in agreed


def test_given_an_indicator_then_its_episodes_stand_beside_the_client_months() -> None:
    found = something()
    rows = [row | {"episodes": 37} if row["code"] == "MORE" else row for row in found.measures]  # type: ignore[union-attr]
    assert ">37</td>" in render_evaluation(replace(found, measures=rows)).html


def test_given_the_sample_when_rendered_then_page_and_twin_are_the_golden_ones() -> None:
    rendered = render_evaluation(something())
    assert matches("evaluation.html", rendered.html)
    assert matches("evaluation.json", rendered.json)
