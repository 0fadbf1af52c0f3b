"""The order in which a branch offers what a campaign has: who is free first, the best score ahead."""

from decimal import Decimal
from typing import Any

from nightdesk.reading.campaigning import _free_first

FREE: dict[str, Any] = {
    "campaign": "CA",
    "client_id": "C1",
    "score": Decimal(5),
    "bought_on": None,
    "offered_on": None,
    "suppressed_by": None,
    "not_assessed": None,
}


def test_given_clients_then_free_ones_by_score_then_not_assessed_waiting_asked_and_buyers() -> None:
    in_order = [
        FREE | {"client_id": "C9", "score": Decimal(7)},
        FREE,
        FREE | {"client_id": "C2"},
        FREE | {"client_id": "C8", "score": Decimal("0.5")},
        FREE | {"client_id": "C3", "score": None},
        FREE | {"client_id": "C4", "not_assessed": "no_score", "score": Decimal(9)},
        FREE | {"client_id": "C5", "suppressed_by": "warning"},
        FREE | {"client_id": "C6", "offered_on": "2026-03-01", "suppressed_by": "warning"},
        FREE | {"client_id": "C7", "bought_on": "2026-03-02", "offered_on": "2026-03-01"},
        FREE | {"campaign": "CB", "client_id": "C0"},
    ]
    assert sorted([in_order[-1], *in_order[:-1]], key=_free_first) == in_order
