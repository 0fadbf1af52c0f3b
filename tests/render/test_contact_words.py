"""What figures of contacts do not say: one wording for the contact plan and for the brief."""

from datetime import date
from typing import Any

import pytest

from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.contact_words import client_remark, uncounted_words
from nightdesk.render.figures import Figures

ROW: dict[str, Any] = {
    "is_carried": False, "carrier": "", "also_asked": "", "also_asked_count": None,
    "last_on": date(2026, 10, 8), "counted_on": date(2026, 9, 20), "uncounted": None,
}  # fmt: skip


def remark(language: Language, **changed: Any) -> str:
    return client_remark(ROW | changed, catalogue(language), Figures(language, "CNY"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_contact_that_counts_a_client_of_its_own_and_one_person_then_nothing_is_remarked(
    language: Language,
) -> None:
    assert remark(language) == ""
    assert uncounted_words(ROW, catalogue(language), Figures(language, "CNY")) == ""


def test_given_a_member_then_whoever_speaks_for_the_group_is_named_or_told_to_be_another_member() -> None:
    assert remark("zh_CN", is_carried=True, carrier="西陵联中 C000067") == "由西陵联中 C000067代表集团联系"
    assert remark("zh_CN", is_carried=True) == "由集团其他成员代表集团联系"
    assert remark("en", is_carried=True, carrier="Xiling C67") == "Xiling C67 speaks for the group"


@pytest.mark.parametrize("code", ["one_way", "purpose", "carried", "other"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_contact_that_does_not_count_then_plan_and_brief_say_why_in_the_same_words(
    language: Language, code: str
) -> None:
    t, f = catalogue(language), Figures(language, "CNY")
    on_brief = uncounted_words(ROW | {"uncounted": code}, t, f)
    why = t("uncounted_told.why", why=t(f"uncounted.{code}"))
    assert on_brief.startswith(why)
    assert "2026-09-20" in on_brief
    assert remark(language, uncounted=code).endswith(why)
    assert "2026-10-08" in remark(language, uncounted=code)
    never = uncounted_words(ROW | {"uncounted": code, "counted_on": None}, t, f)
    assert never == why + t("uncounted_told.never")


@pytest.mark.parametrize("code", ["near", "stand_in", "not_owed"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_contact_that_may_count_and_came_for_none_owed_then_it_is_said_without_an_earlier_day(
    language: Language, code: str
) -> None:
    t, f = catalogue(language), Figures(language, "CNY")
    may = {"uncounted": code, "counted_on": ROW["last_on"]}
    idle = t("uncounted_told.idle", why=t(f"uncounted.{code}"))
    assert uncounted_words(ROW | may, t, f) == idle
    assert remark(language, **may).endswith(idle)


def test_given_contacts_asked_of_another_then_that_one_is_named_with_how_many() -> None:
    said = remark("zh_CN", also_asked="周振华 S0001", also_asked_count=2, uncounted="purpose")
    assert said == "2026-10-08的沟通不计入固定联系（事由不属固定联系）；其中2项由周振华 S0001承办"
