"""The table `draw_request`: draws that borrowers of projects under construction announced, and one that is waived."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, frame, ids
from nightdesk_lab.demo_bank.lending import loan_ids
from nightdesk_lab.demo_bank.loans import PROJECT, Loans
from nightdesk_lab.demo_bank.names import spoken
from nightdesk_lab.demo_bank.repayment import Repayment

#: what is asked for, in percent of the loan's limit; and how many days ahead the draws are wanted
_SHARE_PCT, _AHEAD = 4, 9
_PURPOSES = (("工程进度款", "progress payment"), ("设备采购", "equipment"))


def draw_request_frame(chunk: Chunk, loans: Loans, repayment: Repayment, curves: Curves) -> pa.Table:
    """One announced draw for every second project being built; every fourth names the borrower itself as payee."""
    timeline, project = chunk.plan.timeline, loans.project
    stage = curves.stage[project] if curves.size else np.ones(len(project), dtype=np.int64)
    at = np.flatnonzero(
        (loans.product == PROJECT)
        & (project >= 0)
        & (stage == 0)
        & (repayment.ended == NULL)
        & (loans.start < timeline.last - 30)
    )[::2]
    number = np.arange(len(at), dtype=np.int64)
    wanted = timeline.roll(timeline.last + 2 + number % _AHEAD)
    own = chunk.client_ids.take(pa.array(loans.client[at]))
    return frame(
        "draw_request",
        {
            "request_id": ids("DR", chunk.number * 1_000_000 + number, 10),
            "loan_id": loan_ids(chunk, loans).take(pa.array(at)),
            "amount": loans.limit[at] * _SHARE_PCT // 100,
            "wanted_on": wanted,
            "payee_id": pc.if_else(pa.array(number % 4 == 3), own, ids("K", at % 400 + 1, 6)),
            "purpose": spoken(_PURPOSES, number % 2, chunk.is_english(loans.client[at])),
        },
        np.full(len(at), (timeline.last - 3) * DAY + 36_000),
    )


def waiver_frame(chunk: Chunk, requests: pa.Table) -> pa.Table:
    """What two people of risk decided two days ago: of the draws that are to go to the borrower itself every second."""
    risk = np.flatnonzero(np.array(chunk.plan.staff.role) == "risk")
    at = np.flatnonzero(np.arange(requests.num_rows) % 8 == 3)
    at = at if len(risk) > 1 else at[:0]
    said = np.full(len(at), (chunk.plan.timeline.last - 2) * DAY + 39_600)
    names = requests["request_id"].combine_chunks().take(pa.array(at))
    return frame(
        "decision",
        {
            "decision_id": pc.binary_join_element_wise("DW", names, ""),
            "subject": "draw",
            "subject_key": pc.binary_join_element_wise(names, "payee", ":"),
            "verdict": "approve",
            "decided_by": ids("S", np.full(len(at), risk[0] if len(risk) else 0) + 1, 4),
            "checker_id": ids("S", np.full(len(at), risk[1] if len(risk) > 1 else 0) + 1, 4),
            "decided_at": said,
            "until": np.full(len(at), chunk.plan.timeline.last + 30),
            "note": "本期自主支付额度经审批",
        },
        said + 60,
    )
