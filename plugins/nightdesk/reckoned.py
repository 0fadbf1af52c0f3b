"""Tables that models read and no SQL reckons, `night.repayment_…`: their columns, and the models they are made of."""

from collections.abc import Mapping

RECKONED_OF = ("care_proposal.term", "care_proposal.cash", "care_proposal.season")
_MONEY, _RATIO = "DECIMAL(18,2)", "DECIMAL(18,4)"
RECKONED: Mapping[str, Mapping[str, str]] = {
    # one row per proposal and shape
    "night.repayment_measure": {
        "proposal_id": "VARCHAR",
        "shape": "VARCHAR",
        "is_chosen": "BOOLEAN",
        "problem": "VARCHAR",
        "amount_amt": _MONEY,
        "capacity_amt": _MONEY,
        "capacity_down_amt": _MONEY,
        "cash_amt": _MONEY,
        "min_dscr": _RATIO,
        "avg_dscr": _RATIO,
        "min_dscr_down": _RATIO,
        "life_cover": _RATIO,
        "life_cover_down": _RATIO,
        "peak_service_amt": _MONEY,
        "total_interest_amt": _MONEY,
        "average_life_years": _RATIO,
    },
    # one row per proposal and due date of its chosen shape
    "night.repayment_row": {
        "proposal_id": "VARCHAR",
        "due_on": "DATE",
        "principal_amt": _MONEY,
        "interest_amt": _MONEY,
        "balance_amt": _MONEY,
    },
}
