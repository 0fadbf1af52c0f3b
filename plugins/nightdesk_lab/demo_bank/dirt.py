"""Natural dirt in the transactions: duplicates, late and corrected rows, unknown codes, odd amounts, orphans."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank import ledger as led
from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.control import ControlTotals
from nightdesk_lab.demo_bank.frames import DAY, Ints, amounts, ids
from nightdesk_lab.demo_bank.plan import CHUNK
from nightdesk_lab.demo_bank.timeline import from_epoch
from nightdesk_lab.demo_bank.transactions import Booked

#: rows per thousand clients
_RATES = {
    "identical_duplicate": 14,
    "conflicting_duplicate": 4,
    "unknown_code": 6,
    "too_many_decimals": 3,
    "parent_missing": 4,
    "corrected": 5,
}
_LAST_DAYS = 6


@dataclass
class Dirt:
    """Everything that is wrong on purpose: (table, row key, rule, date)."""

    records: list[dict[str, str]] = field(default_factory=list)

    def note(self, table: str, keys: "list[str] | pa.Array", rule: str, days: Ints) -> None:
        """Records rows by key and epoch day."""
        texts = keys.to_pylist() if isinstance(keys, pa.Array | pa.ChunkedArray) else keys
        self.records += [
            {"table": table, "row_key": key, "rule": rule, "date": from_epoch(day).isoformat()}
            for key, day in zip(texts, days.tolist(), strict=True)
        ]


def soiled(chunk: Chunk, booked: Booked, totals: ControlTotals, dirt: Dirt) -> list[pa.Table]:
    """The chunk's transactions with dirt among them, as frames to be written one after the other.

    Adds everything, dirt included, to the control totals and notes each dirty row.
    """
    table = booked.table
    totals.add_txn(chunk, booked.account, booked.day, booked.cents, booked.known_at)
    dirt.note("txn", table["txn_id"].take(pa.array(booked.is_late)), "late", booked.day[booked.is_late])
    chosen = _chosen(chunk, booked)
    parts = [
        _without(table, np.concatenate([chosen["unknown_code"], chosen["too_many_decimals"], chosen["corrected"]]))
    ]
    for rule, rows in chosen.items():
        if len(rows):
            parts += _MAKERS[rule](chunk, booked, rows, totals)
            if rule != "parent_missing":
                dirt.note("txn", table["txn_id"].take(pa.array(rows)), rule, booked.day[rows])
    odd = chosen["too_many_decimals"]
    dirt.note("txn", _twin_ids(table.take(pa.array(odd))), "too_many_decimals", booked.day[odd])
    orphans = chosen["parent_missing"]
    dirt.note("txn", _orphan_ids(chunk, orphans), "parent_missing", booked.day[orphans])
    return parts


def _chosen(chunk: Chunk, booked: Booked) -> dict[str, Ints]:
    """Which rows: plain business of clients without a story, half of them in the last days."""
    random = chunk.random("dirt")
    timeline = chunk.plan.timeline
    purpose = pc.equal(booked.table["purpose"], led.PURPOSES[led.OTHER]).to_numpy()
    plain = purpose & pc.is_null(booked.table["reverses_txn_id"]).to_numpy()
    plain &= ~booked.table["is_returned"].to_numpy()
    plain &= chunk.stories.is_plain[chunk.accounts.client[booked.account]]
    plain[booked.is_late] = False
    recent = random.permutation(np.flatnonzero(plain & (booked.day > timeline.last - _LAST_DAYS)))
    older = random.permutation(np.flatnonzero(plain & (booked.day <= timeline.last - _LAST_DAYS)))
    chosen: dict[str, Ints] = {}
    for rule, rate in _RATES.items():
        wanted = max(2 if chunk.number == 0 else 0, round(rate * chunk.size / CHUNK))
        if rule == "corrected":  # told of by the last day at the latest
            recent = recent[np.argsort(booked.day[recent] > timeline.last - 2, kind="stable")]
        new, old = recent[: -(-wanted // 2)], older[: wanted // 2]
        recent, older = recent[len(new) :], older[len(old) :]
        rows = np.sort(np.r_[new, old])
        chosen[rule] = rows[booked.day[rows] <= timeline.last - 2] if rule == "corrected" else rows
    return chosen


def _without(table: pa.Table, rows: Ints) -> pa.Table:
    keep = np.ones(table.num_rows, dtype=np.bool_)
    keep[rows] = False
    return table.filter(pa.array(keep)) if len(rows) else table


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _identical(chunk: Chunk, booked: Booked, rows: Ints, totals: ControlTotals) -> list[pa.Table]:
    totals.add_txn(chunk, booked.account[rows], booked.day[rows], booked.cents[rows], booked.known_at[rows])
    return [booked.table.take(pa.array(rows))]


def _conflicting(chunk: Chunk, booked: Booked, rows: Ints, totals: ControlTotals) -> list[pa.Table]:
    wrong = booked.cents[rows] + 100_00
    totals.add_txn(chunk, booked.account[rows], booked.day[rows], wrong, booked.known_at[rows])
    return [_with(booked.table.take(pa.array(rows)), "amount", amounts(wrong))]


def _unknown_code(_chunk: Chunk, booked: Booked, rows: Ints, _totals: ControlTotals) -> list[pa.Table]:
    """Codes of the old system: two thirds in `purpose`, one third in `direction`."""
    parts = []
    is_third = np.arange(len(rows)) % 3 == 1
    for name, code, some in (("purpose", "PRP07", rows[~is_third]), ("direction", "R", rows[is_third])):
        if len(some):
            parts.append(_with(booked.table.take(pa.array(some)), name, pa.repeat(pa.scalar(code), len(some))))
    return parts


def _twin_ids(table: pa.Table) -> pa.Array:
    return pc.binary_join_element_wise(table["txn_id"].combine_chunks(), "D", "")


def _decimals(chunk: Chunk, booked: Booked, rows: Ints, totals: ControlTotals) -> list[pa.Table]:
    """Two rows each: x.xx4 and y.yy6 of one account and day, so that totals agree to the cent, rounded or not."""
    table = booked.table.take(pa.array(rows))
    twin = rows * 0 + 123_45
    totals.add_txn(chunk, booked.account[rows], booked.day[rows], twin + 1, booked.known_at[rows])
    second = _with(table, "txn_id", _twin_ids(table))
    return [
        _with(table, "amount", amounts(booked.cents[rows] * 10 + 4, scale=3)),
        _with(second, "amount", amounts(twin * 10 + 6, scale=3)),
    ]


def _orphan_ids(chunk: Chunk, rows: Ints) -> pa.Array:
    return ids("T9", chunk.number * 10_000_000 + rows, 12)


def _orphans(chunk: Chunk, booked: Booked, rows: Ints, totals: ControlTotals) -> list[pa.Table]:
    """Rows of accounts that nobody has."""
    nobody = np.full(len(rows), -1, dtype=np.int64)
    totals.add_txn(chunk, nobody, booked.day[rows], booked.cents[rows], booked.known_at[rows])
    table = _with(booked.table.take(pa.array(rows)), "txn_id", _orphan_ids(chunk, rows))
    table = _with(table, "ccy", pa.repeat(pa.scalar("CNY"), len(rows)))
    return [_with(table, "account_id", ids("A99", chunk.number * 1_000 + np.arange(len(rows), dtype=np.int64), 7))]


def _corrected(chunk: Chunk, booked: Booked, rows: Ints, totals: ControlTotals) -> list[pa.Table]:
    """First told ten times too large; put right on the afternoon of the second day after."""
    known, cents = booked.known_at[rows], booked.cents[rows]
    totals.add_txn(chunk, booked.account[rows], booked.day[rows], cents, known, sign=-1)
    totals.add_txn(chunk, booked.account[rows], booked.day[rows], cents * 10, known)
    table = booked.table.take(pa.array(rows))
    right_at = (booked.day[rows] + 2) * DAY + 14 * 3_600
    right = _with(table, "known_at", pa.array(right_at).view(pa.timestamp("s")))
    return [_with(table, "amount", amounts(cents * 10)), right]


_MAKERS = {
    "identical_duplicate": _identical,
    "conflicting_duplicate": _conflicting,
    "unknown_code": _unknown_code,
    "too_many_decimals": _decimals,
    "parent_missing": _orphans,
    "corrected": _corrected,
}
