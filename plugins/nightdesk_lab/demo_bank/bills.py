"""The table `offbalance`: bills, guarantees and letters of credit, one after the other; for some the bank pays."""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, frame, ids
from nightdesk_lab.demo_bank.plan import SPV
from nightdesk_lab.demo_bank.stories import NEVER

#: share of companies that have such an item at any time, for how long one runs, and how many numbers a client has
_ISSUE, _RUNS, _NUMBERS = 0.12, 182, 16


def bill_frame(chunk: Chunk) -> pa.Table:
    """Every item when issued; where the bank had to pay, once more then, and once more when it was paid back."""
    timeline, clients, stories = chunk.plan.timeline, chunk.clients, chunk.stories
    random = chunk.random("offbalance")
    told = stories.of("bill_advanced", "bill_paid")
    issues = (random.random(chunk.size) < _ISSUE) & clients.is_company & (clients.segment != SPV)
    issues = (issues & (clients.closed == NULL)) | told
    first = timeline.first - random.integers(5, _RUNS, chunk.size)
    # an item of each story ends when the story says: this one is paid by the client, that one by the bank
    due = np.maximum(np.where(told, stories.started_on, timeline.first) + 20 + clients.segment, timeline.first + 6)
    first = np.where(told, due - _RUNS * ((due - timeline.first) // _RUNS + 1), first)
    numbers = np.arange(min(timeline.days // _RUNS + 2, _NUMBERS))
    client, number = (array.ravel() for array in np.meshgrid(np.flatnonzero(issues), numbers, indexing="ij"))
    issued = first[client] + number * _RUNS
    advanced = stories.of("bill_advanced")[client] & (issued + _RUNS == due[client])
    after = stories.of("bill_advanced")[client] & (issued >= due[client])
    shown = (issued >= clients.onboard[client] + 5) & (issued <= timeline.last) & ~after
    client, number, issued, advanced = (array[shown] for array in (client, number, issued, advanced))
    share = np.where(told, 0.3 + 0.4 * stories.depth, 0.25)[client]
    amount = (clients.inflow[client] * share).astype(np.int64) // 1_000_000 * 1_000_000 + 1_000_000
    margin = amount // 5
    columns: dict[str, object] = {
        "offbalance_id": ids("OBS", (chunk.low + 1 + client) * 100 + number, 8),
        "client_id": chunk.client_ids.take(pa.array(client)),
        "kind": Coded(("acceptance", "guarantee", "letter_of_credit"), np.where(told[client], 0, client % 3)),
        "amount": amount,
        "margin_amt": margin,
        "expires_on": issued + _RUNS,
        "advanced_amt": np.zeros(len(client), dtype=np.int64),
        "advanced_on": np.full(len(client), NULL),
    }
    opened = frame("offbalance", columns, np.maximum(issued * DAY + 61_200, timeline.first * DAY - 7_200))
    paid = np.flatnonzero(advanced & (issued + _RUNS <= timeline.last))
    back_in = stories.end_month[client]
    back = np.where(back_in == NEVER, NULL, timeline.month_start(np.minimum(back_in, timeline.months)) + 10)
    back = np.where(stories.resolved_on[client] != NULL, stories.resolved_on[client], back)
    repaid = np.flatnonzero(advanced & (back > issued + _RUNS) & (back <= timeline.last))
    columns["advanced_amt"] = amount - margin
    columns["advanced_on"] = issued + _RUNS
    met = frame("offbalance", columns, (issued + _RUNS) * DAY + 68_400)
    columns["advanced_amt"] = np.zeros(len(client), dtype=np.int64)
    columns["advanced_on"] = np.full(len(client), NULL)
    over = frame("offbalance", columns, np.where(back == NULL, 0, back) * DAY + 68_400)
    return pa.concat_tables([opened, met.take(pa.array(paid)), over.take(pa.array(repaid))])
