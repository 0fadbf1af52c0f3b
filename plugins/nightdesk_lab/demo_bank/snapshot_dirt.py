"""Dirt in the small tables of the first chunk: a client and an account told twice, unknown codes, a loan of nobody."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import DEPOSIT, Chunk
from nightdesk_lab.demo_bank.control import ControlTotals
from nightdesk_lab.demo_bank.dirt import Dirt
from nightdesk_lab.demo_bank.frames import DAY, NULL, frame

_ORPHAN_LOAN = "L99999991"


def soil_snapshots(chunk: Chunk, frames: dict[str, pa.Table], totals: ControlTotals, dirt: Dirt) -> None:
    """Changes the frames of the bank's first chunk in place; other chunks stay clean."""
    if chunk.number:
        return
    last = np.array([chunk.plan.timeline.last])
    quiet = np.flatnonzero(chunk.stories.is_plain & (chunk.clients.closed == NULL))
    if len(quiet):
        twice = frames["client"].slice(int(quiet[0]), 1)
        frames["client"] = pa.concat_tables([frames["client"], twice])
        dirt.note("client", twice["client_id"].to_pylist(), "identical_duplicate", last)
    _account_told_twice(chunk, frames, dirt)
    for table, column, key in (("contact", "kind", "contact_id"), ("need", "status", "need_id")):
        if frames[table].num_rows:
            _unknown_code(frames, table, column)
            dirt.note(table, frames[table][key].slice(0, 1).to_pylist(), "unknown_code", last)
    _loan_of_nobody(chunk, frames, totals, dirt)


def _account_told_twice(chunk: Chunk, frames: dict[str, pa.Table], dirt: Dirt) -> None:
    """A deposit account in two currencies: both rows are doubtful, and so is everything booked on it."""
    holders = chunk.accounts.client
    doubtful = (
        (chunk.accounts.slot == DEPOSIT) & chunk.stories.is_plain[holders] & (chunk.clients.closed[holders] == NULL)
    )
    at = np.flatnonzero(doubtful)
    if chunk.size < 100 or not len(at):
        return
    row = frames["account"].slice(int(at[0]), 1)
    place = row.column_names.index("kind")
    other = row.set_column(place, "kind", pa.array(["wealth"]))
    frames["account"] = pa.concat_tables([frames["account"], other])
    dirt.note("account", row["account_id"].to_pylist(), "conflicting_duplicate", np.array([chunk.plan.timeline.last]))


def _unknown_code(frames: dict[str, pa.Table], name: str, column: str) -> None:
    table = frames[name]
    first = np.zeros(table.num_rows, dtype=np.bool_)
    first[0] = True
    values = pc.if_else(pa.array(first), "Z9", table[column].combine_chunks())
    frames[name] = table.set_column(table.column_names.index(column), column, values)


def _loan_of_nobody(chunk: Chunk, frames: dict[str, pa.Table], totals: ControlTotals, dirt: Dirt) -> None:
    timeline = chunk.plan.timeline
    known = np.array([timeline.first * DAY - 3_600])
    owed = np.array([50_000_000])
    loan = frame(
        "loan",
        {
            "loan_id": _ORPHAN_LOAN,
            "client_id": "C9999999",
            "product": "working_capital",
            "ccy": "CNY",
            "outstanding_amt": owed,
            "start_date": np.array([timeline.first - 400]),
            "maturity_date": np.array([timeline.last + 300]),
            "status": "active",
        },
        known,
    )
    due = np.array([timeline.last + 40, timeline.last + 70])
    cents = np.array([1_000_000, 1_000_000])
    columns = {"loan_id": _ORPHAN_LOAN, "due_date": due, "kind": "interest", "due_amt": cents}
    instalments = frame("instalment", columns, np.repeat(known, 2))
    frames["loan"] = pa.concat_tables([frames["loan"], loan])
    frames["instalment"] = pa.concat_tables([frames["instalment"], instalments])
    totals.add_orphans("loan", owed)
    totals.add_orphans("instalment", cents)
    dirt.note("loan", [_ORPHAN_LOAN], "parent_missing", np.array([timeline.last]))
    keys = [f"{_ORPHAN_LOAN}|{day}|interest" for day in instalments["due_date"].to_pylist()]
    dirt.note("instalment", keys, "parent_quarantined", due)
