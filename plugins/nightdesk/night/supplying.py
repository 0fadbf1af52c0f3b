"""What a night is supplied with: the bank's tables, and beside them what people entered at the desk by its cut-off.

A row of the desk is one more landing row of its table, known since it was entered. Which of two rows of a key counts
is the contract's business: the newest known one, and neither where two of one instant differ.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from nightdesk.attempt.opening import Night
from nightdesk.contract import Table
from nightdesk.desk.entries import Entry, known
from nightdesk.source import Moment, Selection, day_of


@dataclass(frozen=True)
class Supply:
    """A bank at one moment with the entries of its desk, oldest first by table; asked as Moment is."""

    bank: Moment
    entered: Mapping[str, Sequence[Entry]]

    def columns(self, table: Table) -> list[str] | None:
        """The contract columns (and known_at) that bank or desk supply of a table; None where neither has it.

        Of the desk's rows, what they must have and what any of them fills. Raises SourceError as Moment.columns.
        """
        given = self.bank.columns(table)
        rows = self.entered.get(table.name)
        if not rows:
            return given
        filled = {*table.required_columns, "known_at", *(name for one in rows for name in one.row)}
        return [name for name in (*table.columns, "known_at") if name in filled or name in (given or ())]

    def stream(self, table: Table, columns: list[str], selection: Selection) -> pa.RecordBatchReader:
        """The rows that a night asks for, every column as text, in batches: the bank's, then the desk's.

        Raises SourceError when the source goes away or refuses.
        """
        rows = self.entered.get(table.name)
        if not rows:
            return self.bank.stream(table, columns, selection)
        schema = pa.schema([(name, pa.string()) for name in columns])
        return pa.RecordBatchReader.from_batches(schema, self._both(table, schema, rows, selection))

    def _both(
        self, table: Table, schema: pa.Schema, rows: Sequence[Entry], selection: Selection
    ) -> Iterator[pa.RecordBatch]:
        own = self.bank.columns(table)
        if own is not None:
            for batch in self.bank.stream(table, own, selection):
                nothing = pa.nulls(batch.num_rows, pa.string())
                cells = [batch.column(name) if name in own else nothing for name in schema.names]
                yield pa.RecordBatch.from_arrays(cells, schema=schema)
        wanted = [one for one in rows if self._is_wanted(table, one, selection)]
        texts = [{**one.row, "known_at": one.entered_at.isoformat()} for one in wanted]
        if texts:
            yield from pa.Table.from_pylist(texts, schema=schema).to_batches()

    def _is_wanted(self, table: Table, one: Entry, selection: Selection) -> bool:
        return table.date_column is None or selection.wants(self._day(table, one), one.entered_at)

    def count_by_day(
        self, table: Table, first: datetime.date, before: datetime.date, known_by: datetime.datetime
    ) -> dict[datetime.date, int]:
        """How many rows of a daily table there are of each date from `first` on and before `before`, as Moment counts
        them: of those known by `known_by`, or without a word of when.
        """
        found = dict(self.bank.count_by_day(table, first, before, known_by))
        for one in self.entered.get(table.name, ()):
            day = self._day(table, one)
            if day is not None and first <= day < before and one.entered_at <= known_by:
                found[day] = found.get(day, 0) + 1
        return found

    def _day(self, table: Table, one: Entry) -> datetime.date | None:
        return day_of(table, one.row.get(str(table.date_column)), self.bank.zone)


def supply(night: Night, bank: Moment) -> Supply:
    """A bank with what its people entered by the night's cut-off."""
    return Supply(bank, known(night.desk, night.profile.name, night.attempt.cutoff_at))
