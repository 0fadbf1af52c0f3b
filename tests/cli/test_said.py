"""What commands say of what they are given, line by line, in both languages: the golden texts."""

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from golden import matches
from nightdesk.cli import outbox_table
from nightdesk.cli.evaluate import _cells
from nightdesk.cli.explained.credit import Credit
from nightdesk.cli.explained.ground import Ground
from nightdesk.cli.explained.part import Part, cell, padded
from nightdesk.cli.explained.tiering import Tiering
from nightdesk.cli.explained.verdict import Verdict
from nightdesk.cli.explained.watching import Watching
from nightdesk.cli.gate import _amount
from nightdesk.cli.lineage import _overview, _tree
from nightdesk.cli.options import Lang, results
from nightdesk.cli.scorecard import _of_one
from nightdesk.cli.status import _figures, _last, _nights
from nightdesk.dependencies import Branch
from nightdesk.desk.outbox import Item
from nightdesk.errors import UsageError
from nightdesk.reading.morning import Morning
from nightdesk.render.catalogue import catalogue

D = datetime.date(2026, 3, 31)
D25 = Decimal(25)
AT = datetime.datetime(2026, 3, 31, 23, 30, tzinfo=datetime.UTC)
BETWEEN = {"is_difference": True, "unit": "pct", "second_zh": "本期", "second_en": "now", "baseline_zh": "上期",
           "baseline_en": "before"}  # fmt: skip
INDICATOR: dict[str, Any] = {
    "indicator": "P01", "name_zh": "贷款逾期", "name_en": "Days past due", "severity": None, "is_hard": False,
    "is_assessed": True, "is_withheld": False, "not_supplied": "", "is_unproven": False, "change": None,
    "loan_id": None, "project_id": None, "value": Decimal("0.00"), "unit": "days", "between": None, "baseline": None,
    "second_value": None, "threshold": None, "agreed": None, "amber_value": None, "red_value": None,
    "hard_value": None, "window_days": None, "data_date": None, "first_seen": None, "group_code": "P",
    "family": "conduct", "weight": 10, "points": Decimal("0.00"), "rule": None, "clears": None, "source_keys": None,
    "reason_zh": None, "reason_en": None, "is_counted": True, "is_contagion": False, "quiet_case": None,
    "amber_line": None, "direction": "high", "amber_when": "reached", "red_when": "reached",
}  # fmt: skip


def _of(**cells: Any) -> dict[str, Any]:
    return INDICATOR | cells


INDICATORS = [
    _of(indicator="T05", severity="amber", value=Decimal("12.50"), unit="pct", between=BETWEEN,
        second_value=Decimal("62.50"), baseline=Decimal("50.00"), loan_id="L1", change="new", is_unproven=True),
    _of(indicator="T04", severity="amber", value=Decimal(95), unit="ratio", amber_value=Decimal("0.85"),
        red_value=Decimal("0.95"), hard_value=Decimal(1), rule="value >= 0.85", clears="value < 0.80"),
    _of(indicator="P01", severity="red", is_hard=True, value=Decimal(91), threshold="90", loan_id="L1", project_id="J1",
        rule="value > 90", clears="otherwise", reason_zh="一句", reason_en="a sentence", window_days=30, data_date=D,
        first_seen=D, source_keys="loan L1"),
    _of(indicator="P02", severity="red", value=None, is_assessed=False),
    _of(indicator="X01", value=Decimal(3), unit="score", agreed={"limit_value": Decimal(9), "amber_line": Decimal(4),
        "red_line": None, "set_by": "contract"}, baseline=Decimal("1.5"), red_value=Decimal(5)),
    _of(indicator="Q04", value=Decimal(5), unit="count", second_value=Decimal(5), baseline=7),
    _of(indicator="T03", value=Decimal(30), unit="pct", amber_value=Decimal(20), amber_line=Decimal(90),
        amber_when="passed", quiet_case="own_spread"),
    _of(indicator="T11", value=Decimal(-5), unit="pct", amber_value=Decimal(-25), red_value=Decimal(-40),
        direction="low"),
    _of(indicator="K05", is_assessed=False, value=None, is_contagion=True, is_counted=True,
        not_supplied="guarantee"),
    _of(indicator="F01", is_assessed=False, value=Decimal(1), is_withheld=True, between=BETWEEN),
    _of(indicator="F04", is_assessed=False, value=None, is_counted=False, quiet_case="short_history"),
    _of(indicator="F02", is_assessed=False, value=None, not_supplied="financial_statement"),
    _of(indicator="F03", is_assessed=False, value=None, name_zh=None, name_en=None),
]  # fmt: skip
COLOUR = {
    "colour": "green", "floor_class": "normal", "floor_reason": None, "score": Decimal("12.50"), "assessed_count": 6,
    "applicable_count": 9, "colour_since": D,
}  # fmt: skip
LOAN_CLASSES = {
    "loan_id": "L1", "booked_class": "normal", "floor_class": "special_mention", "floor_rule": "dpd", "floor_words": {
        "name_zh": "逾期 {passed} 天", "name_en": "{passed} days overdue", "passed_value": 90},
    "forecast_class": "substandard", "forecast_on": D, "forecast_words": None, "cure_amt": Decimal("1234.50"),
    "cure_by": D, "cured_class": "normal", "last_due_on": D, "first_due_on": D, "is_observed_cure": False,
}  # fmt: skip
TIER = {
    "client_id": "C1", "branch_id": "B1", "tier": "gold", "cause": "kept", "changed_from": None,
    "score": Decimal("1.230"), "peers": 7, "is_fixed": True, "setting": "peers",
}  # fmt: skip
LEVER = {
    "target_tier": "gold", "lever": "deposit", "lever_amt": Decimal("5.00"), "lever_count": None, "now_amt": Decimal(1),
    "by_on": D, "evaluated_on": D, "reason": None,
}  # fmt: skip
PLAN = {
    "strategy_zh": "退出", "strategy_en": "exit", "viability": "low", "viability_ratio": Decimal("0.90"),
    "viability_gap": None, "protection": "high", "protection_pct": None, "protection_gap": "no_value",
    "cash_amt": Decimal(9), "service_amt": Decimal(10), "realisable_amt": None, "exposure_amt": None,
    "is_viability_capped": True, "max_days_past_due": 91, "next_test_on": D, "test_due_on": None, "business_date": D,
    "state": "proposed", "renew_by": D,
}  # fmt: skip
EPISODE = {
    "indicator": "P01", "name_zh": "贷款逾期", "name_en": "Days past due", "loan_id": "L1", "project_id": None,
    "state": "open", "opened_on": D, "last_seen": D, "severity": "red", "severity_max": "red", "reopened_count": 1,
    "closed_on": None, "suppressed_until": None, "snoozed_until": D, "episode_id": "E1",
}  # fmt: skip
DECISION = {
    "decided_at": AT, "decision_id": "X1", "decided_on": D, "subject": "watch", "subject_key": "C1",
    "verdict": "approve", "decided_by": "S1", "checker_id": None, "until": None, "refused_because": None,
}  # fmt: skip
WATCH = {
    "stage": "W2", "since": D, "rule": "red", "review_due": D, "exit_from": None, "stay_until": D, "decision": None,
    "freezes_limits": True, "draws_need_risk": False,
}  # fmt: skip


def _explained(lang: Lang) -> None:
    made = (catalogue(lang.value), lang, "CNY")
    verdict = Verdict(*made)
    for row in (COLOUR, COLOUR | {"colour": "no_credit"}, COLOUR | {"colour": "red", "floor_reason": "not_assessed"}):
        verdict.colour(row, [], None, INDICATORS)
    verdict.colour(COLOUR | {"applicable_count": 7}, [], LOAN_CLASSES["floor_words"], INDICATORS)  # type: ignore[arg-type]
    verdict.colour(COLOUR, [], None, INDICATORS[:5])
    verdict.indicators(INDICATORS)
    verdict.indicators(INDICATORS[5:6])
    credit = Credit(*made)
    credit.loans(
        [
            {
                "loan_id": "L2",
                "client_id": "C1",
                "branch_id": "B1",
                "limit_amt": Decimal("1000000.00"),
                "status": "active",
            }
        ],
        [
            LOAN_CLASSES,
            LOAN_CLASSES | {"loan_id": "L3", "last_due_on": None, "floor_words": None, "floor_class": "not_assessed"},
            LOAN_CLASSES | {"loan_id": "L4", "cure_amt": None},
        ],
    )
    tiering = Tiering(*made)
    found: dict[str, Any] = {
        "tier": TIER,
        "tier_path": [
            LEVER,
            LEVER | {"lever_amt": None, "lever_count": 2},
            LEVER | {"lever": None, "lever_amt": None, "reason": "highest"},
        ],
        "tier_inputs": [{"client_id": "C1", "peers": 3}],
        "potential": [],
        "rfm": [{"client_id": "C1", "score": Decimal("1.00")}],
        "tier_policy": {
            "tier": [{"tier": "gold", "value": None, "setting": "peers", "valid_from": D, "owner": "data"}]
        },
    }
    tiering.tier(found)
    tiering.tier(found | {"tier": None})
    ground = Ground(*made)
    ground.source_rows({"loan": [f"L{n}" for n in range(20)], "txn": [f"T{n}" for n in range(21)], "branch": []})
    withheld = {"table_name": "loan", "column_name": "rate", "row_key": "L1", "reason": "gone", "rule": "parts_gone"}
    basis = dict.fromkeys(
        ("gone", "not_supplied", "not_assessed", "floor_only", "deeds_only", "not_point_in_time"), ()
    ) | {"not_supplied": ("survey",), "read_as": {"survey": {"zh_CN": "无", "en": "none"}}}
    ground.gaps([withheld | {"row_key": f"L{n}"} for n in range(20)], basis)
    ground.gaps([withheld | {"row_key": f"L{n}", "column_name": None} for n in range(21)], basis)
    ground.gaps([], basis | {"read_as": {}})
    watching = Watching(*made)
    for stage in (None, WATCH, WATCH | {"stay_until": None, "draws_need_risk": True}, WATCH | {"since": None}):
        watching.watch(stage)
    late = PLAN | {"test_due_on": D, "viability_gap": "no_value", "protection_gap": None, "protection_pct": Decimal(50)}
    awaited = PLAN | {"test_due_on": D + datetime.timedelta(days=1), "is_viability_capped": False}
    later = awaited | {"next_test_on": D + datetime.timedelta(days=1)}
    for plan in (None, PLAN, late, awaited, later):
        watching.plan(plan, [])
    watching.episodes([])
    watching.episodes(
        [
            EPISODE | {"episode_id": "E3", "closed_on": D, "project_id": "J1", "snoozed_until": None},
            EPISODE | {"episode_id": "E2", "indicator": "P02", "suppressed_until": D},
            EPISODE,
        ]
    )
    watching.decisions([])
    watching.decisions(
        [
            DECISION,
            DECISION | {"decision_id": "X2", "checker_id": "S2", "until": D},
            DECISION | {"decided_at": AT - datetime.timedelta(days=1), "refused_because": "not_allowed"},
        ]
    )


def _item(**cells: Any) -> Item:
    made = {
        "message_id": "<nightdesk.contract.B1@localhost>", "profile": "contract", "business_date": D, "branch_id": "B1",
        "kind": "branch_list", "revision": 1, "recipient": "b1@bank.example", "language": "zh_CN", "subject": "subject",
        "status": "refused", "attempts": 1, "detail": "450 no", "updated_at": AT,
    }  # fmt: skip
    return Item(**(made | cells))


def _outbox(lang: Lang) -> None:
    outbox_table.say_table(
        [
            _item(),
            _item(attempts=2, business_date=D + datetime.timedelta(days=1)),
            _item(status="sent", detail="250 taken"),
            _item(status="sent", detail="as told", resolved_by="S1", recipient=""),
            _item(status="pending", next_try_at=AT + datetime.timedelta(minutes=5), detail=""),
            _item(status="uncertain", updated_at=None, profile="nowhere"),
            *(_item(status="pending", profile="berka", business_date=D + datetime.timedelta(days=n)) for n in range(5)),
            *(_item(status="uncertain", business_date=D + datetime.timedelta(days=n)) for n in range(6)),
        ],
        lang,
        "title",
    )
    outbox_table.say_table([_item(status="sent", detail="", recipient="", updated_at=None, branch_id="B")], lang)


def _morning(**cells: Any) -> Morning:
    made: dict[str, Any] = {
        "business_date": D, "revision": 2, "is_mailing_day": True, "lists": 3, "sent": 2, "missing": [],
        "last_attempt": "published: revision 2", "sent_by_revision": {1: 1, 2: 1},
    }  # fmt: skip
    return Morning(**(made | cells))


def _status(lang: Lang) -> None:
    t = catalogue(lang.value)
    for said in ("no attempt", "published: revision 2", "published: revision 2; before it, held: much", "held: much ",
                 "failed: "):  # fmt: skip
        results.print(_last(_morning(last_attempt=said), t))
    for nights in (None, (D, D, 1), (D, D + datetime.timedelta(days=1), 2)):
        results.print(_nights(_morning(nights=nights), None, t))
    results.print(_nights(_morning(nights=(D, D, 1)), "berka", t))
    for found in (_morning(), _morning(revision=None, sent_by_revision={})):
        results.print(_figures(found, t))


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("say", [_explained, _outbox, _status])
def test_given_what_was_found_then_each_command_says_the_golden_text(
    say: Any, lang: Lang, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    with results.capture() as said:
        say(lang)
    assert matches(f"said{say.__name__}_{lang.value}.txt", said.get())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (True, "true"),
        (False, "false"),
        (Decimal("1234.50"), "1,234.50"),
        (Decimal("1234.500"), "1,234.5"),
        (Decimal(1234), "1,234"),
        (Decimal("0.0010"), "0.001"),
        (D, "2026-03-31"),
    ],
)
def test_given_a_value_then_it_is_grouped_and_only_what_is_finer_than_a_cent_loses_its_noughts(
    value: object, text: str
) -> None:
    assert cell(value) == text


def test_given_a_text_then_it_is_padded_by_the_columns_that_it_takes_and_never_cut() -> None:
    assert [padded(text, 4) for text in ("ab", "中", "abcd", "中文字")] == ["ab  ", "中  ", "abcd ", "中文字 "]


def test_given_a_truth_value_when_explained_then_it_is_a_word() -> None:
    part = Part(catalogue("en"), Lang.en, "CNY")
    assert (part.value("is_fixed", True), part.value("is_fixed", False)) == ("yes", "no")


@pytest.mark.parametrize("text", ["12000000", "12,000,000.00", "9999999999999999.99", "0.01"])
def test_given_an_amount_of_a_draw_then_it_is_what_a_column_of_amounts_holds(text: str) -> None:
    assert _amount(text) == Decimal(text.replace(",", ""))


@pytest.mark.parametrize("text", ["10000000000000000", "0.001", "inf", "nan", "much", ""])
def test_given_what_no_column_of_amounts_holds_then_it_is_no_amount(text: str) -> None:
    with pytest.raises(UsageError, match="is no amount"):
        _amount(text)


@pytest.mark.parametrize("lang", Lang)
def test_given_a_tree_of_tables_then_each_has_its_first_eight_columns_and_how_many_more(lang: Lang) -> None:
    columns = tuple(f"c{n}" for n in range(1, 10))
    leaf = Branch("tasks.task", columns, False, ())
    again = Branch("warnings.signal", (), True, ())
    tree = Branch("features.loan", (), False, (Branch("warnings.warning", columns[:8], False, (leaf, again)), again))
    t = catalogue(lang.value)
    with results.capture() as said:
        _tree(t, "down", tree)
        _tree(t, "up", Branch("source.loan", (), False, ()))
        _overview(
            t,
            {
                "features": {"steps": 2, "tables": ["a", "b"], "sources": []},
                "care": {"steps": 0, "tables": 3, "sources": ["c"]},
            },
        )
    assert matches(f"said_lineage_{lang.value}.txt", said.get())


def test_given_a_person_then_of_a_quarter_only_the_own_rows_are_said() -> None:
    rows = [{"staff_id": "S1"}, {"staff_id": "S2"}]
    assert _of_one(rows, "S2") == [{"staff_id": "S2"}]
    assert _of_one(rows, None) == rows


def test_given_what_was_measured_then_a_figure_that_nobody_knows_is_none_and_the_lead_says_how_many_it_is_of() -> None:
    lead = SimpleNamespace(
        detected=3, undetected=1, left_out=0, p25_days=D25, median_days=D25 + 5, p75_days=D25 + 9, early="1/3"
    )
    one: Any = SimpleNamespace(
        episodes=4, flagged_months=5, hit=SimpleNamespace(n=9), precision="p", month_precision="m", false_alarm="f",
        noise_to_signal=Decimal("0.167"), lead=lead, censored_episodes=2, marginal_hits=1, use="no_help",
    )  # fmt: skip
    t = catalogue("en")
    cells = _cells(one, t)
    assert (cells["noise_to_signal"], cells["undetected"], cells["lead"]) == ("0.167", "1/9", "30 [25–34] n=3")
    one.noise_to_signal, lead.median_days, lead.left_out = None, None, 2
    cells = _cells(one, t)
    assert cells["noise_to_signal"] == t("none")
    assert cells["lead"].startswith(f"{t('none')} n=3 (")
