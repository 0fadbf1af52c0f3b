"""Every indicator and band that can fire asks something of every kind of client, in words that fit it."""

import datetime
import re

import pytest

from nightdesk.models import models
from nightdesk.policy import Row, policy

DAY = datetime.date(2026, 3, 31)
KINDS = ("company", "project_company", "person")
#: what a person has not: orders in hand, a payroll, accounts, a management
OF_FIRMS = re.compile("订单|工资|财务报表|负责人|回款|order book|payroll|accounts|management|payer")


def in_force(table: str) -> tuple[Row, ...]:
    return tuple(policy()[table].effective(DAY))


def bands(code: str) -> set[str]:
    """What an indicator can fire as, read off its policy and what it gives to `judge`."""
    (rule,) = (row for row in in_force("indicator") if row["indicator"] == code)
    own = {str(row["band"]) for row in in_force("arrears_colour") if row["indicator"] == code}
    text = _source(code)
    if own:
        # a band of arrears that the rule names itself, in place of that of the days
        return own | set(re.findall(r"then '(\w+)' else band\.band end as band", text))
    found = {"amber"} | ({"red"} if rule["red_value"] is not None or "red_too=" in text else set())
    return found | {band for band, said in (("hard", " hard="), ("blue", " blue_if=")) if said in text}


def _source(code: str) -> str:
    (path,) = (model.path for name, model in models().items() if name.startswith(f"warnings_indicator.{code.lower()}_"))
    return path.read_text(encoding="utf-8")


def steps(code: str, band: str, kind: str) -> list[Row]:
    fitting = [row for row in in_force("playbook_step") if (row["indicator"], row["band"]) == (code, band)]
    return [row for row in fitting if row["applies_to"] == kind] or [
        row for row in fitting if row["applies_to"] == "any"
    ]


def words() -> dict[tuple[str, str], Row]:
    return {(str(row["part"]), str(row["code"])): row for row in in_force("playbook_step_text")}


CODES = sorted(str(row["indicator"]) for row in in_force("indicator"))


def test_given_the_catalogue_when_looked_through_then_each_band_has_steps_for_each_kind_of_client() -> None:
    missing = [
        f"{code} {band} {kind}"
        for code in CODES
        for band in sorted(bands(code))
        for kind in KINDS
        if not steps(code, band, kind)
    ]
    assert missing == []


def test_given_the_steps_when_looked_through_then_none_is_of_a_band_that_cannot_fire() -> None:
    fired = {(code, band) for code in CODES for band in bands(code)}
    assert {(row["indicator"], row["band"]) for row in in_force("playbook_step")} - fired == set()


def test_given_the_steps_when_read_then_they_are_numbered_in_the_order_of_their_days() -> None:
    told = {(str(row["indicator"]), str(row["band"]), str(row["applies_to"])) for row in in_force("playbook_step")}
    for code, band, kind in told:
        own = [
            row
            for row in in_force("playbook_step")
            if (row["indicator"], row["band"], row["applies_to"]) == (code, band, kind)
        ]
        own.sort(key=lambda row: int(str(row["step"])))
        assert [row["step"] for row in own] == list(range(1, len(own) + 1)), (code, band, kind)
        days = [int(str(row["due_workdays"])) for row in own]
        assert days == sorted(days), (code, band, kind)


def test_given_the_steps_when_read_then_each_action_and_evidence_has_words_and_no_words_are_left_over() -> None:
    asked = {("action", str(row["action"])) for row in in_force("playbook_step")}
    asked |= {("evidence", str(row["evidence"])) for row in in_force("playbook_step")}
    # what is asked in the place of a step of the playbook, once a client's loans are all due
    asked |= {("action", str(row["instead"])) for row in in_force("called_step") if ("action", row["action"]) in asked}
    assert set(words()) == asked


@pytest.mark.parametrize("code", [code for code in CODES if code[0] in "PT"])
def test_given_a_person_when_an_indicator_of_conduct_fires_then_nothing_that_only_a_firm_has_is_asked_for(
    code: str,
) -> None:
    asked = [words()["action", str(row["action"])] for band in bands(code) for row in steps(code, band, "person")]
    assert [row["code"] for row in asked if OF_FIRMS.search(f"{row['words_zh']} {row['words_en']}")] == []


def actions(code: str, band: str) -> set[str]:
    return {str(row["action"]) for row in steps(code, band, "company")}


def test_given_what_an_arrear_grows_to_then_its_steps_grow_with_it() -> None:
    assert actions("P01", "1-7") == {"verify_cause"}
    assert actions("P01", "8-30") == {"meet_for_plan"}
    assert actions("P01", "31-90") == {"written_demand", "recheck_collateral", "report_to_risk"}
    assert actions("P01", "over_90") == {"settle_class", "hand_to_recovery", "examine_acceleration"}


def test_given_a_project_that_is_red_then_the_draw_stops_and_rights_are_reserved_for_a_breach_alone() -> None:
    assert "stop_draw" in actions("J07", "red") & actions("J12", "red")
    assert actions("J16", "amber") == {"next_test", "agree_measures"}
    assert "reserve_rights" in actions("J16", "red")


def test_given_the_words_when_read_then_no_regulator_is_called_and_the_bank_calls_things_by_their_names() -> None:
    everything = " ".join(f"{row['words_zh']} {row['words_en']}" for row in words().values())
    for wrong in ("主管部门", "authority", "13周", "可抵扣", "付款方", "监理", "经办人"):
        assert wrong not in everything
