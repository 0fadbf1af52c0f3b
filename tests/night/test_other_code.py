"""A night run by other code than the night before: a state that was made otherwise is built anew, and only then."""

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hand_bank import D, ten_clients, write_sqlite
from other_code import Code

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import standing_attempt
from nightdesk.desk.pins import pins_of
from nightdesk.fingerprint import fingerprint
from nightdesk.lake import files_of
from nightdesk.settings import Settings

pytestmark = pytest.mark.long


def add_a_window(code: Code) -> None:
    """A window of 180 days in client_window."""
    measure = "    ('outflow_30d_amt', 29, 0, 'outflow_amt'),"
    code.change("sql/macros/window.sql", measure, f"    ('inflow_180d_amt', 179, 0, 'inflow_amt'),\n{measure}")
    code.change(
        "sql/features/columns.yaml", "  outflow_30d_amt:", "  inflow_180d_amt: DECIMAL(38,2)\n  outflow_30d_amt:"
    )
    code.change("sql/features/rolling/client_window_rolled.sql", "(89, 0), ", "(89, 0), (179, 0), ")


def windows(settings: Settings) -> tuple[dict[str, dict[str, Decimal]], bool]:
    """The windows of D's night by client, and whether their history was begun anew."""
    with open_desk(settings).connect() as connection:
        standing = standing_attempt(connection, "contract", D)
        assert standing is not None
        pins = pins_of(connection, standing.attempt_id)
    files = files_of(settings.lake_root, "features/client_window", [pins["features/client_window"].batch_id])
    rows = [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]
    return {row["client_id"]: row for row in rows}, pins["features/client_day"].starts_chain


def test_given_a_window_that_the_night_before_did_not_have_then_it_holds_the_true_sum(
    eve: Settings, tmp_path: Path
) -> None:
    settings, source = eve, write_sqlite(ten_clients(), tmp_path / "bank.db")
    same = Code(tmp_path / "same")
    same.change("sql/features/client_window.sql", "with\n", "with  -- what follows is as it was\n\n\n")
    same.reverse_rows("sql/policy/excluded_flow.csv")
    same.night(settings, source)
    rows, is_begun_anew = windows(settings)
    assert not is_begun_anew, "a comment, layout and the order of policy rows make no other state"
    assert rows["C10"]["inflow_90d_amt"] == 1_500_000

    other = Code(tmp_path / "other")
    add_a_window(other)
    other.night(settings, source)
    rows, is_begun_anew = windows(settings)
    assert is_begun_anew
    assert rows["C10"]["inflow_180d_amt"] == 3_000_000  # six credits of 500,000, and not nothing
    assert rows["C10"]["inflow_90d_amt"] == 1_500_000
    with open_desk(settings).connect() as connection:
        standing = standing_attempt(connection, "contract", D)
        assert standing is not None
        made = connection.exec_driver_sql("select code_commit from attempt order by opened_at").scalars().all()
    assert made[1:] == ["other", "other"]


@pytest.mark.parametrize(
    ("path", "old", "new", "is_other"),
    [
        ("sql/features/client_window.sql", "with\n", "with -- said\n  ", False),
        ("sql/macros/window.sql", "'inflow_30d_amt', 29, 0", "'inflow_30d_amt', 30, 0", True),
        ("sql/features/columns.yaml", "inflow_90d_amt: DECIMAL(38,2)", "inflow_90d_amt: DECIMAL(30,2)", True),
        ("sql/staging/client.sql", "\nselect * from", "\nselect distinct * from", True),
        (
            "sql/features/rolling/client_window_rolled.sql",
            "booked_on >= $parent_date",
            "booked_on > $parent_date",
            True,
        ),
        ("sql/policy/excluded_flow.csv", "own_transfer,1900-01-01", "own_transfer,2026-03-31", False),
        ("sql/policy/excluded_flow.csv", "own_transfer,1900-01-01", "own_transfer,2026-04-01", True),
        ("sql/warnings/warning.sql", "with\n", "with something_else as (select 1), ", False),
    ],
    ids=["comment", "macro", "type", "feeding", "rolled", "in-force", "not-in-force", "another-table"],
)
def test_a_fingerprint_counts_what_makes_a_table_and_nothing_else(
    tmp_path: Path, path: str, old: str, new: str, is_other: bool
) -> None:
    code = Code(tmp_path / "code")
    code.change(path, old, new)
    ours = fingerprint("features.client_window", D, "contract")
    assert (code.fingerprint("features.client_window") != ours) == is_other
