"""What the baseline policy makes of peers that all have the deposits for every tier: ranks decide, or floors alone."""

import datetime
from collections import Counter

import pytest
from sqlcase import CASES, run_case

LEVELS = {4: "strategic", 3: "core", 2: "important", 0: "standard"}


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        (99, {"strategic": 99}),
        (100, {"strategic": 1, "core": 4, "important": 15, "standard": 80}),
        (250, {"strategic": 2, "core": 10, "important": 38, "standard": 200}),
    ],
)
def test_from_a_hundred_peers_on_the_top_1_5_and_20_percent_reach_a_tier(peers: int, expected: dict[str, int]) -> None:
    clients = range(peers)
    deposits = {"dep_avg_month_amt": 10**8, "eva_amt": 1}
    case = {
        "as_of": datetime.date(2026, 4, 1),
        "given": {
            "tiers_evaluation.score": [
                {"group_key": f"C{n}", "month_no": 1, "score": 99 - n / 10, "completeness": 1} for n in clients
            ],
            "tiers_evaluation.group_metric": [
                {"group_key": f"C{n}", "month_no": 1, "peer_set": "company|a", **deposits} for n in clients
            ],
        },
        "expect": [{"qualified_level": None}],
    }
    found, _ = run_case(CASES / "tiers" / "evaluation" / "raw_tier.yaml", case)
    assert Counter(LEVELS[int(dict(row)["qualified_level"])] for row in found) == expected
