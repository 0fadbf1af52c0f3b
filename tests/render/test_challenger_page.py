"""The challenger's page: in one language, with what it did and what is not known."""

import datetime
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest

from golden import matches
from nightdesk.challenger.judging import Bin, Drift, Group, Judged, Ranked
from nightdesk.challenger.reasons import Reason
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.challenger import render_challenger
from nightdesk.render.challenger_figures import Beside, ChallengerInput
from nightdesk.wilson import rate

SHARE = rate(30, 120, Decimal(95))
JUDGED = Judged(
    later=120,
    accepted=SHARE,
    is_known=True,
    brier=0.187,
    brier_of_share=0.191,
    ranked=[Ranked("challenger", 0.61, 0.55, 0.67, SHARE), Ranked("rule", 0.55, 0.49, 0.61, SHARE)],
    bins=[Bin(12.5, rate(3, 24, Decimal(95)))],
    groups=[Group("product", "payroll", 40, 24.0, SHARE), Group("segment", "small_business", 3, None, None)],
)
SETTINGS = {"settle_days": 60.0, "drift_watch": 0.1, "drift_alert": 0.25}
SOURCE = ChallengerInput(
    business_date=datetime.date(2026, 3, 31),
    revision=1,
    profile="contract",
    settings=SETTINGS,
    tried_on=datetime.date(2025, 12, 31),
    tried_rows=900,
    tried_accepted=220,
    trained_rows=1020,
    trained_accepted=250,
    pending=12,
    judged=JUDGED,
    drift=[Drift("csat", 0.02, 0.3, "none")],
    tonight=9,
    beside=[
        Beside(
            {"client_id": "C1", "product": "payroll", "rule_score_tonight": Decimal("7.5")},
            1,
            31.0,
            2,
            [Reason("peer_share", "0.8", 4.0), Reason("product", "payroll", -2.0)],
        )
    ],
)
#: messages without a figure that the page says
SAID = ("title", "decides_nothing", "training", "model_how", "blind_how", "later", "groups", "drift", "beside")


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_language_then_the_page_is_in_that_one_alone_and_says_how_it_did(language: Language) -> None:
    page = unescape(render_challenger(SOURCE, language))
    own, other = catalogue(language), catalogue("en" if language == "zh_CN" else "zh_CN")
    assert [key for key in SAID if own(f"challenger.{key}") not in page] == []
    assert [key for key in SAID if other(f"challenger.{key}") in page] == []
    assert ("0.61" in page, "0.55–0.67" in page, "30/120" in page, "80%" in page) == (True, True, True, True)
    assert own("challenger.not_known") in page, "three offers of a group say nothing"


def test_given_too_few_later_offers_then_no_area_is_told_and_the_page_says_why() -> None:
    page = render_challenger(replace(SOURCE, judged=replace(JUDGED, is_known=False, later=7)), "en")
    assert catalogue("en")("challenger.too_few_later", n=7) in page
    assert "0.61" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_when_rendered_then_the_page_is_the_golden_one(language: Language) -> None:
    assert matches(f"challenger_{language}.html", render_challenger(SOURCE, language))
