"""What the whole of sql/ makes of the full bank is what it made when somebody last read the difference.

A change of one rule moves the tables that rest on it and no other: the difference of tests/golden/full_night.json names
them. What is moved on purpose is accepted by NIGHTDESK_TEST_UPDATE_GOLDEN=1.
"""

import json
import os

import pytest
from full_bank import VALUED_BEFORE, D, full_bank
from full_night import nights

from golden import GOLDEN, SWITCH

pytestmark = [pytest.mark.slow, pytest.mark.long]
FILE = GOLDEN / "full_night.json"


def test_given_the_full_bank_when_its_two_nights_are_made_then_each_table_is_as_it_was() -> None:
    made = nights(full_bank(), D, {"previous.collateral_value": VALUED_BEFORE})
    if os.environ.get(SWITCH) == "1":
        FILE.write_text(json.dumps(made, indent=0) + "\n", encoding="utf-8")
    held = json.loads(FILE.read_text(encoding="utf-8"))
    moved = sorted(table for table in made.keys() | held.keys() if made.get(table) != held.get(table))
    assert moved == [], f"read why, then {SWITCH}=1"
