"""The challenger: learned from what was known by its day, bent one way only, the same from the same rows."""

import datetime
from collections.abc import Sequence

import numpy as np
import pytest

from nightdesk.challenger.features import FEATURES
from nightdesk.challenger.judging import _auc_interval, auc, drift, judge, psi
from nightdesk.challenger.learning import Learned, known_by, learn
from nightdesk.challenger.reasons import reasons
from nightdesk.errors import Refused

DAY = datetime.date(2026, 6, 30)
SETTINGS = {
    "settle_days": 60.0,
    "least_trained": 200.0,
    "least_of_answer": 20.0,
    "least_later": 30.0,
    "group_offers": 30.0,
    "confidence_pct": 95.0,
    "drift_watch": 0.1,
    "drift_alert": 0.25,
}


def offer(number: int, day: datetime.date, **more: object) -> dict[str, object]:
    """An answered offer; it is accepted where a need asks for it, and by some luck."""
    random = np.random.default_rng(number)
    need = float(random.random() < 0.4)
    declined = int(random.integers(0, 3))
    likely = 0.15 + 0.5 * need - 0.05 * declined
    return {
        "row_key": f"O{number:05}",
        "product": ("payroll", "trade")[number % 2],
        "segment": ("mid", "small")[number % 3 // 2],
        "client_kind": "company",
        "need_share": need,
        "peer_share": round(float(random.random()), 3),
        "products": int(random.integers(1, 6)),
        "contacts_30d": int(random.integers(0, 7)),
        "declined_365d_count": declined,
        "accepted_365d_count": 0,
        "csat": None if number % 4 else int(random.integers(1, 6)),
        "tenure_days": int(random.integers(30, 4000)),
        "rule_score": 30 * need,
        "as_of": day,
        "outcome": "accepted" if random.random() < likely else "declined",
        "outcome_on": day + datetime.timedelta(days=10),
        **more,
    }


def offers(count: int = 500) -> list[dict[str, object]]:
    """Offers of the two years before DAY."""
    return [offer(number, DAY - datetime.timedelta(days=60 + number % 600)) for number in range(count)]


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(offers(), DAY, SETTINGS)


def test_given_an_answer_of_a_later_day_when_learned_then_nothing_of_it_is_known(learned: Learned) -> None:
    later = [
        offer(9_000 + at, DAY - datetime.timedelta(days=100), outcome="accepted", need_share=0.0, outcome_on=known)
        for at, known in enumerate([DAY + datetime.timedelta(days=1)] * 200)
    ]
    again = learn([*offers(), *later], DAY, SETTINGS)
    assert [row["row_key"] for row in again.rows] == [row["row_key"] for row in learned.rows]
    assert np.array_equal(again.probabilities(offers(50)), learned.probabilities(offers(50)))


def test_given_the_same_answers_known_on_the_day_when_learned_then_they_do_change_it(learned: Learned) -> None:
    known = [
        offer(9_000 + at, DAY - datetime.timedelta(days=100), outcome="accepted", need_share=0.0, outcome_on=DAY)
        for at in range(200)
    ]
    assert not np.array_equal(
        learn([*offers(), *known], DAY, SETTINGS).probabilities(offers(50)), learned.probabilities(offers(50))
    )


@pytest.mark.parametrize(
    ("days_ago", "answered", "outcome", "is_known"),
    [
        (60, 0, "declined", True),
        (59, 0, "declined", False),
        (200, 0, "accepted", True),
        (200, -1, "accepted", False),
        (200, 0, "pending", False),
        (0, 0, "tonight", False),
    ],
)
def test_given_an_offer_when_asked_what_was_known_then_only_what_was_answered_and_had_its_time(
    days_ago: int, answered: int, outcome: str, is_known: bool
) -> None:
    row = offer(
        1,
        DAY - datetime.timedelta(days=days_ago),
        outcome=outcome,
        outcome_on=DAY - datetime.timedelta(days=answered),
    )
    assert bool(known_by([row], DAY, 60)) is is_known


def test_given_an_answer_of_a_day_that_nobody_knows_then_it_is_nothing_to_learn_from() -> None:
    row = offer(1, DAY - datetime.timedelta(days=90), outcome="accepted")
    assert known_by([row], DAY, 60) == [row]
    assert known_by([row | {"outcome_on": None}], DAY, 60) == []


def test_given_clients_whose_segment_is_another_tonight_then_what_is_said_of_them_is_the_same(learned: Learned) -> None:
    moved = [row | {"segment": "large", "client_kind": "person"} for row in offers(50)]
    assert np.array_equal(learned.probabilities(moved), learned.probabilities(offers(50)))


def test_given_rows_in_another_order_when_learned_then_the_model_is_the_same(learned: Learned) -> None:
    again = learn(offers()[::-1], DAY, SETTINGS)
    assert np.array_equal(again.probabilities(offers(50)), learned.probabilities(offers(50)))


@pytest.mark.parametrize("feature", [one for one in FEATURES if one.direction], ids=lambda one: one.name)
def test_given_more_of_a_feature_that_may_bend_one_way_then_no_offer_goes_the_other(
    learned: Learned, feature: object
) -> None:
    column = FEATURES.index(feature)  # type: ignore[arg-type]
    matrix = learned.codes.matrix(offers(60))
    steps = []
    for value in np.linspace(0, 5, 11):
        matrix[:, column] = value
        steps.append(learned.of_matrix(matrix))
    moved = np.diff(np.array(steps), axis=0) * FEATURES[column].direction
    assert moved.min() >= -1e-12


def test_given_a_product_that_it_never_saw_then_it_says_something_all_the_same(learned: Learned) -> None:
    (said,) = learned.probabilities([offer(1, DAY, product="spaceship")])
    assert 0 < said < 1


@pytest.mark.parametrize(("count", "least"), [(199, "200"), (0, "200")])
def test_given_too_few_answers_when_asked_to_learn_then_it_says_so_in_one_line(count: int, least: str) -> None:
    with pytest.raises(Refused, match=rf"not known yet: by 2026-06-30 {count} offers were answered .* {least}"):
        learn(offers(count), DAY, SETTINGS)


def test_given_answers_that_are_nearly_all_alike_when_asked_to_learn_then_it_does_not() -> None:
    alike = [{**row, "outcome": "declined" if at >= 19 else "accepted"} for at, row in enumerate(offers(300))]
    with pytest.raises(Refused, match=r"\(19 accepted\)"):
        learn(alike, DAY, SETTINGS)


def later_offers(count: int) -> Sequence[dict[str, object]]:
    return [offer(5_000 + number, DAY + datetime.timedelta(days=number % 90)) for number in range(count)]


def test_given_later_offers_when_judged_then_it_stands_beside_rule_and_chance_by_interval_and_number(
    learned: Learned,
) -> None:
    judged = judge(learned, later_offers(120), SETTINGS)
    assert judged.is_known
    assert judged.later == 120
    challenger, rule = judged.ranked
    assert (challenger.code, rule.code) == ("challenger", "rule")
    assert challenger.auc is not None
    assert 0.5 < challenger.auc <= 1
    assert challenger.auc_low is not None
    assert challenger.auc_low < challenger.auc
    assert challenger.head.n == 40
    assert judged.brier < judged.brier_of_share
    assert sum(one.accepted.n for one in judged.bins) == 120
    assert {(one.code, one.n) for one in judged.groups if one.family == "product"} == {("payroll", 60), ("trade", 60)}


def test_given_few_later_offers_when_judged_then_nothing_is_known_yet_and_groups_tell_no_share(
    learned: Learned,
) -> None:
    assert not judge(learned, later_offers(29), SETTINGS).is_known
    judged = judge(learned, later_offers(58), SETTINGS)
    assert all(one.accepted is None for one in judged.groups if one.family == "product")
    assert not judge(learned, [], SETTINGS).is_known


def test_given_hand_counted_rankings_then_the_area_is_the_share_of_pairs_in_order() -> None:
    answers = np.array([True, False, True, False])
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), answers) == 0.75
    assert auc(np.array([1.0, 1.0, 1.0, 1.0]), answers) == 0.5
    assert auc(np.array([1.0, 2.0]), np.array([True, True])) is None


def test_given_an_area_then_its_interval_is_hanley_s_and_mcneil_s() -> None:
    # q1 = 0.6, q2 = 0.642857: variance (0.1875 + 9 x 0.0375 + 19 x 0.080357) / 200, 1.96 of its root is 0.198521
    assert _auc_interval(0.75, 10, 20) == pytest.approx((0.551479, 0.948521), abs=1e-6)
    assert _auc_interval(1.0, 5, 5) == (1.0, 1.0)
    low, high = _auc_interval(0.5, 1, 1)
    assert (low, high) == (0.0, 1.0), "of one pair nothing is known"


def test_given_two_populations_then_the_index_is_the_sum_over_classes() -> None:
    # codes 0 and 1 in halves, then one in four and three in four: 0.25 x ln 2 halves and 0.25 x ln 1.5
    before, now = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])
    expected = -0.25 * np.log(0.5) + 0.25 * np.log(1.5)
    assert psi(before, now, is_code=True) == pytest.approx(expected)
    assert psi(before, before, is_code=True) == 0
    assert psi(before, np.empty(0), is_code=True) is None
    assert psi(np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), is_code=False) == 0


def test_given_numbers_then_the_index_is_over_the_fifths_of_what_was_before_and_a_fifth_of_none_counts_a_little() -> (
    None
):
    before = np.arange(1.0, 11.0)  # two in each fifth
    expected = 0.8 * np.log(1 / 0.2) + 4 * (1e-4 - 0.2) * np.log(1e-4 / 0.2)
    for place in (1.0, 5.0, 10.0):
        assert psi(before, np.full(7, place), is_code=False) == pytest.approx(expected)
    assert psi(before, before + 0.5, is_code=False) != 0
    halves = np.array([2.0, 4.0, 6.0, 8.0, 10.0])
    assert psi(before, halves, is_code=False) == pytest.approx(0)


def test_given_later_offers_of_another_kind_then_the_drift_is_told_by_feature(learned: Learned) -> None:
    moved = [{**row, "products": 50} for row in later_offers(120)]
    levels = {one.feature: one.level for one in drift(learned, moved, [], SETTINGS)}
    assert levels["products"] == "alert"
    assert levels["product"] == "none"


@pytest.mark.parametrize(("watch", "alert", "level"), [(0, 1, "watch"), (-1, 0, "alert"), (1, 2, "none")])
def test_given_a_drift_at_its_line_then_it_is_told_and_under_it_it_is_not(
    learned: Learned, watch: int, alert: int, level: str
) -> None:
    moved = [{**row, "products": 50} for row in later_offers(120)]
    (most,) = [one.later for one in drift(learned, moved, [], SETTINGS) if one.feature == "products"]
    assert most is not None
    lines = {"drift_watch": most + watch, "drift_alert": most + alert}
    assert [one.level for one in drift(learned, moved, [], lines) if one.feature == "products"] == [level]


def test_given_no_later_offers_then_nothing_has_drifted_whatever_tonights_are(learned: Learned) -> None:
    tonight = [{**row, "products": 50} for row in later_offers(120)]
    (told,) = [one for one in drift(learned, [], tonight, SETTINGS) if one.feature == "products"]
    assert (told.later, told.level) == (None, "none")
    assert told.tonight is not None
    assert told.tonight > SETTINGS["drift_alert"]


def test_given_an_offer_that_a_need_asks_for_then_that_is_its_first_reason(learned: Learned) -> None:
    needed = offer(1, DAY, need_share=1.0, declined_365d_count=0)
    ((first, *_),) = reasons(learned, [needed])
    assert (first.feature, first.value) == ("need_share", "1.0")
    assert first.points > 5
