"""Pages of campaigns: an uplift where it is known, why where it is not, and whom a branch may offer to."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from nightdesk.render.campaign import write_campaigns
from nightdesk.render.campaign_figures import CampaignInput, uplift_of
from nightdesk.render.catalogue import Language, catalogue

DAY = datetime.date(2026, 9, 1)


def result(**more: object) -> dict[str, object]:
    """A row of campaign_result; 56 of 70 and 48 of 80 are Newcombe's own example."""
    return {
        "campaign": "X",
        "name_zh": "代发",
        "name_en": "payroll",
        "product": "payroll",
        "starts_on": datetime.date(2026, 4, 1),
        "ends_on": datetime.date(2026, 6, 30),
        "outcome_until": datetime.date(2026, 8, 29),
        "drawn_on": datetime.date(2026, 4, 1),
        "is_reconstructed": False,
        "hold_out_pct": Decimal(20),
        "confidence_pct": Decimal(95),
        "arm_clients": 50,
        "treatment_clients": 70,
        "treatment_offered": 60,
        "treatment_bought": 56,
        "hold_out_clients": 80,
        "hold_out_offered": 0,
        "hold_out_bought": 48,
        "is_known": True,
        **more,
    }


def test_given_two_arms_when_compared_then_the_uplift_has_its_interval() -> None:
    uplift = uplift_of(result())
    assert (str(uplift.found), uplift.reason) == ("+20.0 [+5.2–+33.4]", None)
    assert str(uplift.treatment) == "80.0% [69.2–87.7] 56/70"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"hold_out_clients": 50, "hold_out_bought": 1}, None),
        ({"hold_out_clients": 49, "hold_out_bought": 1}, "few"),
        ({"treatment_clients": 49, "treatment_bought": 1}, "few"),
        ({"hold_out_clients": 0, "hold_out_bought": 0}, "few"),
        ({"hold_out_clients": 0, "hold_out_bought": 0, "arm_clients": 0}, "few"),
        ({"is_known": False}, "running"),
    ],
)
def test_given_an_arm_at_its_edge_or_days_left_when_compared_then_it_is_known_or_said_why_not(
    more: dict[str, object], reason: str | None
) -> None:
    uplift = uplift_of(result(**more))
    assert uplift.reason == reason
    assert (uplift.found is None) == (reason is not None)


def test_given_lists_of_two_branches_when_written_then_each_has_its_own_and_names_are_masked(tmp_path: Path) -> None:
    row = {
        "campaign": "X",
        "campaign_zh": "代发工资推介",
        "campaign_en": "Payroll",
        "branch_id": "B1",
        "client_id": "C1",
        "name": "上海晨光机械制造有限公司",
        "short_name": "晨光机械",
        "is_natural_person": False,
        "product": "payroll",
        "owner_id": "S1",
        "tier": "core",
        "colour": "green",
        "offered_on": None,
        "offer_outcome": None,
        "bought_on": None,
        "suppressed_by": None,
        "not_assessed": None,
        "score": Decimal("7.5000"),
        "why_zh": "近90天日均存款12,500元,客户提出需求(代发)",
        "why_en": "it asked",
    }
    waits = {**row, "client_id": "C2", "branch_id": "B/2", "suppressed_by": "declined", "score": None, "why_zh": None}
    unknown = {**row, "client_id": "C3", "branch_id": "B2", "colour": "not_assessed", "not_assessed": "offer,warning"}
    source = CampaignInput(
        business_date=DAY,
        revision=1,
        profile="contract",
        uplifts=[uplift_of(result()), uplift_of(result(campaign="Y", is_known=False))],
        branches={
            "B1": {"branch_id": "B1", "name": "一部", "name_en": None, "mail_mode": "masked"},
            "B2": {"branch_id": "B2", "name": "二部", "name_en": "Second", "language": "zh_CN"},
        },
        lists={"B1": [row], "B/2": [waits], "B2": [unknown]},
        staff={"S1": "王芳"},
    )
    pages = write_campaigns(tmp_path, source)
    assert [page.name for page in pages] == [
        "campaign.html",
        "campaign_B%2F2.html",
        "campaign_B1.html",
        "campaign_B2.html",
    ]
    whole, second, first, third = (page.read_text(encoding="utf-8") for page in pages)
    assert "+20.0" in whole
    assert "尚不可知" in whole
    assert "晨光机械" in first
    assert "有限公司" not in first
    assert "王芳" in first
    assert "C2" not in first
    assert ">可推介<" in first
    assert ">代发工资推介 <" in first
    assert "规则未就此产品逐户评分" in second, "a client without a score says why it is listed"
    assert "近90天日均存款12,500元，客户提出需求（代发）" in first
    assert ">可推介<" not in third, "what could not be judged is not free"
    assert "未评估：" in third
    assert "产品推荐、预警颜色" in third
    assert "近期谢绝" in second, "a branch that the registry lost has its own list all the same"
    assert "+20.0" not in second
    assert (tmp_path / "campaign_B1.csv").read_text(encoding="utf-8").splitlines()[1].startswith("X,C1,payroll,S1")


def test_given_a_language_when_written_then_each_page_is_in_that_one_alone(tmp_path: Path) -> None:
    source = CampaignInput(
        business_date=DAY,
        revision=1,
        profile="contract",
        uplifts=[uplift_of(result()), uplift_of(result(campaign="Y", is_known=False))],
        branches={"B2": {"branch_id": "B2", "name": "二部", "name_en": "Second", "language": "en"}},
        lists={"B2": []},
        staff={},
    )
    chinese, english = catalogue("zh_CN"), catalogue("en")

    def said(language: Language | None) -> list[str]:
        folder = tmp_path / str(language)
        return [page.read_text(encoding="utf-8") for page in write_campaigns(folder, source, language)]

    whole, branch = said(None)
    assert chinese("campaign.title") in whole
    assert english("campaign.title") not in whole
    assert english("campaign.list_title") in branch, "a branch reads its own language"
    assert (chinese("campaign.list_title") in branch, "二部" in branch) == (False, False)
    for language, own, other in (("zh_CN", chinese, english), ("en", english, chinese)):
        for page in said(language):  # type: ignore[arg-type]
            assert own("campaign.clients") in page or own("campaign.title") in page
            for key in ("campaign.title", "campaign.list_title", "campaign.said", "campaign.list_said", "campaign.how"):
                assert other(key, pct=95) not in page, key
