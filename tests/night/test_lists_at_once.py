"""Whose lists are made from rows that are held together: some branches, and of large ones few."""

import pytest

from nightdesk.night.pages import BRANCHES_AT_ONCE, at_once

_MANY = [f"B{number:03d}" for number in range(BRANCHES_AT_ONCE + 1)]


@pytest.mark.parametrize(
    ("branches", "clients", "together"),
    [
        ([], {}, []),
        (_MANY, {}, [_MANY[:-1], _MANY[-1:]]),
        (_MANY[:-1], dict.fromkeys(_MANY, 750), [_MANY[:-1]]),
        (["B1", "B2", "B3"], {"B1": 7_500, "B2": 7_500, "B3": 1}, [["B1", "B2"], ["B3"]]),
        (["B1", "B2", "B3"], {"B1": 7_500, "B2": 7_501}, [["B1"], ["B2", "B3"]]),
        (["B1", "B2", "B3"], {"B1": 1, "B2": 90_000, "B3": 1}, [["B1"], ["B2"], ["B3"]]),
    ],
)
def test_given_branches_and_their_clients_then_those_together_are_twenty_and_have_15_000_at_most_or_one_alone(
    branches: list[str], clients: dict[str, int], together: list[list[str]]
) -> None:
    assert list(at_once(branches, clients)) == together
