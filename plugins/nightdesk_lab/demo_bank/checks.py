"""Care after the loan: post-loan checks that were made, and the reports that were written about some of them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Bools, Coded, Ints, frame, ids
from nightdesk_lab.demo_bank.lending import loan_ids
from nightdesk_lab.demo_bank.loans import PERSONAL, PROJECT, Loans
from nightdesk_lab.demo_bank.names import said, spoken
from nightdesk_lab.demo_bank.plan import PRIVATE
from nightdesk_lab.demo_bank.repayment import Repayment

#: ids beyond those of any other contact of a chunk
_FIRST_ID = 800_000
#: days between two checks: on the site, from the desk while a project is built, and of a person
_SITE, _DESK, _PERSON = 84, 27, 175
#: days after a draw on which its first check is made, and how often one is
_AFTER_DRAW, _IS_MADE = (5, 14), 0.97
#: every so many borrowers nobody has checked for the last so many days; every so many there are reports of
_SKIPPED_EVERY, _SKIPPED_DAYS = 60, 170
_REPORTED_EVERY = 12
_JUDGEMENTS = (
    (
        "经营正常，回款按约定归集本行，现场未见异常情况。",
        "Business as usual, receipts are routed as agreed, nothing unusual seen.",
    ),
    (
        "订单充足，应收账款账期略有拉长，需关注主要买方付款。",
        "Orders are full, receivables take longer: watch the buyer.",
    ),
    (
        "工程进度与计划基本一致，资本金到位，用款与合同相符。",
        "Works are on plan, capital is paid in, draws are matched.",
    ),
    ("盈利较上期改善，押品状况良好，担保有效。", "Earnings are better than last time, the collateral is in order."),
)
_POINTS = (
    ("补充最近一期完税证明", "tax receipts of the last period"),
    ("说明大额往来款的用途", "explain the large transfers"),
)


def check_contacts(chunk: Chunk, loans: Loans, repayment: Repayment, curves: Curves, drawn: pa.Table) -> pa.Table:
    """Checks in the rhythm of each borrower and after its draws, as contacts of its manager; some were never made."""
    random = chunk.random("checks")
    alive = np.flatnonzero(repayment.ended == NULL)
    client, day, on_site = _rhythm(chunk, loans, curves, alive, random)
    first = _after_draws(chunk, drawn, client, day, random)
    client, day = np.r_[client, first[0]], np.r_[day, first[1]]
    on_site = np.r_[on_site, np.ones(len(first[0]), dtype=np.bool_)]
    kept = ~((client % _SKIPPED_EVERY == 7) & (day > chunk.plan.timeline.last - _SKIPPED_DAYS))
    client, day, on_site = client[kept], day[kept], on_site[kept]
    order = np.lexsort((client, day))
    client, day, on_site = client[order], day[order], on_site[order]
    manager = chunk.clients.rm[client]
    logged = day * DAY + 18 * 3_600 + client * 1_931 % 9_000
    number = chunk.number * 1_000_000 + _FIRST_ID + np.arange(len(day), dtype=np.int64)
    return frame(
        "contact",
        {
            "contact_id": ids("CT", number, 10),
            "client_id": chunk.client_ids.take(pa.array(client)),
            "staff_id": ids("S", np.where(manager >= 0, manager, chunk.clients.branch[client]) + 1, 4),
            "occurred_at": day * DAY + 11 * 3_600,
            "kind": "post_loan",
            "channel": Coded(("call", "meeting"), on_site.astype(np.int64)),
            "two_way": np.ones(len(day), dtype=np.bool_),
            "outcome": "done",
            "note_length": random.integers(80, 400, len(day)),
            "logged_at": logged,
        },
        logged,
    )


def _rhythm(
    chunk: Chunk, loans: Loans, curves: Curves, alive: Ints, random: np.random.Generator
) -> tuple[Ints, Ints, Bools]:
    """Client, day and place of the recurring checks of every client with a loan that is open."""
    timeline = chunk.plan.timeline
    borrowers = np.unique(loans.client[alive])
    start = np.full(chunk.size, NULL)
    for loan in alive.tolist():
        at, begun = int(loans.client[loan]), int(loans.start[loan])
        start[at] = begun if start[at] == NULL else min(start[at], begun)
    built = np.zeros(chunk.size, dtype=np.bool_)
    for loan in alive[(loans.product[alive] == PROJECT) & (loans.project[alive] >= 0)].tolist():
        built[loans.client[loan]] |= bool(curves.size and curves.stage[loans.project[loan]] == 0)
    personal = np.zeros(chunk.size, dtype=np.bool_)
    personal[loans.client[alive[loans.product[alive] == PERSONAL]]] = True
    personal &= chunk.clients.segment == PRIVATE
    clients: list[Ints] = []
    days: list[Ints] = []
    places: list[Bools] = []
    for at in borrowers.tolist():
        every = _PERSON if personal[at] else _SITE
        begin = max(int(start[at]), timeline.first) + int(random.integers(0, every))
        for step, is_site in ((every, True), (_DESK, False)) if built[at] else ((every, True),):
            day = np.arange(begin, timeline.last - 1, step)
            day = timeline.roll(day - random.integers(0, 5, len(day)))
            day = day[(random.random(len(day)) < _IS_MADE) & (day >= timeline.first) & (day < timeline.last)]
            clients.append(np.full(len(day), at, dtype=np.int64))
            days.append(day.astype(np.int64))
            places.append(np.full(len(day), is_site, dtype=np.bool_))
    if not clients:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
    return np.concatenate(clients), np.concatenate(days), np.concatenate(places)


def _after_draws(
    chunk: Chunk, drawn: pa.Table, client: Ints, day: Ints, random: np.random.Generator
) -> tuple[Ints, Ints]:
    """A check within a fortnight of each draw that none answers yet; one in thirty is forgotten."""
    timeline = chunk.plan.timeline
    made: dict[int, list[int]] = {}
    for at, on in zip(client.tolist(), day.tolist(), strict=True):
        made.setdefault(at, []).append(on)
    owner = pc.cast(pc.utf8_slice_codeunits(drawn["loan_id"], 1), pa.int64()).to_numpy() // 10 - 1 - chunk.low
    on_day = drawn["drawn_on"].cast(pa.int32()).to_numpy().astype(np.int64)
    more: list[tuple[int, int]] = []
    for at, on in sorted(zip(owner.tolist(), on_day.tolist(), strict=True)):
        if any(on <= seen <= on + _AFTER_DRAW[1] for seen in made.get(at, ())) or random.random() > _IS_MADE:
            continue
        check = int(timeline.roll(np.array([on + random.integers(*_AFTER_DRAW)]))[0])
        if check < timeline.last:
            made.setdefault(at, []).append(check)
            more.append((at, check))
    pairs = np.array(more, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def report_frames(chunk: Chunk, loans: Loans, repayment: Repayment) -> dict[str, pa.Table]:
    """The last two reports about some loans, half a year and a quarter ago; one in four repeats the one before it."""
    timeline, random = chunk.plan.timeline, chunk.random("check reports")
    old = loans.start < max(timeline.first, timeline.last - 240)
    fits = np.flatnonzero((repayment.ended == NULL) & old & (loans.client % _REPORTED_EVERY == 5))
    at = fits[np.unique(loans.client[fits], return_index=True)[1]]
    names = loan_ids(chunk, loans)
    before = timeline.roll(np.maximum(timeline.last - 170 - random.integers(0, 10, len(at)), timeline.first))
    after = timeline.roll(np.maximum(timeline.last - 84 - random.integers(0, 10, len(at)), timeline.first))
    first = random.integers(0, len(_JUDGEMENTS), len(at))
    copied = np.arange(len(at)) % 4 == 0
    again = np.where(copied, first, (first + 1 + random.integers(0, len(_JUDGEMENTS) - 1, len(at))) % len(_JUDGEMENTS))
    number = chunk.number * 1_000_000 + np.arange(len(at), dtype=np.int64)
    manager, branch = chunk.clients.rm[loans.client[at]], chunk.clients.branch[loans.client[at]]
    english = chunk.is_english(loans.client[at])
    reports = []
    for turn, (day, judgement) in enumerate(((before, first), (after, again))):
        filed = day * DAY + 18 * 3_600
        reports.append(
            frame(
                "check_report",
                {
                    "report_id": ids("CR", number * 2 + turn, 10),
                    "loan_id": names.take(pa.array(at)),
                    "kind": "site_check",
                    "checked_on": day,
                    "filed_at": filed,
                    "prepared_by": ids("S", np.where(manager >= 0, manager, branch) + 1, 4),
                    "checker_id": ids("S", np.where(manager >= 0, branch, branch + 1) + 1, 4),
                    "conclusion": Coded(("sound", "watch", "concern"), random.choice(3, len(at), p=[0.8, 0.15, 0.05])),
                    "judgement": spoken(_JUDGEMENTS, judgement, english),
                },
                filed + 60,
            )
        )
    answered = np.arange(len(at)) % 3 != 0
    points: dict[str, object] = {
        "point_id": ids("CP", number, 10),
        "loan_id": names.take(pa.array(at)),
        "report_id": ids("CR", number * 2, 10),
        "text": spoken(_POINTS, number % len(_POINTS), english),
        "owner_id": ids("S", np.where(manager >= 0, manager, branch) + 1, 4),
        "due_on": before + 45,
    }
    raised = frame("check_point", points, before * DAY + 18 * 3_600 + 60)
    closing: dict[str, object] = {
        "answer": said(("已取得并核对", "received and checked"), english),
        "answered_in": ids("CR", number * 2 + 1, 10),
        "answered_on": after,
    }
    settled = frame("check_point", points | closing, after * DAY + 18 * 3_600 + 60)
    return {
        "check_report": pa.concat_tables(reports),
        "check_point": pa.concat_tables([raised, settled.filter(pa.array(answered))]),
    }
