"""The rows of `txn` while they are made: blocks of columns, joined, sorted by day and numbered at the end."""

from dataclasses import dataclass, field

import numpy as np

from nightdesk_lab.demo_bank.frames import Bools, Ints

PURPOSES = (
    "payroll",
    "tax",
    "social_security",
    "utility",
    "loan_disbursement",
    "loan_repayment",
    "own_transfer",
    "fee",
    "interest",
    "cash",
    "securities",
    "property",
    "other",
)
PAYROLL, TAX, SOCIAL, UTILITY, DISBURSED, REPAID, OWN, FEE, INTEREST, CASH, SECURITIES, PROPERTY, OTHER = range(13)
COUNTERPARTY_KINDS = ("company", "person", "bank", "lender", "broker", "government", "related")
COMPANY, PERSON, BANK, LENDER, BROKER, GOVERNMENT, RELATED = range(7)
CHANNELS = ("online", "mobile", "counter", "batch", "pos")
ONLINE, MOBILE, COUNTER, BATCH, POS = range(5)
MEMOS = (
    "期初余额 balance brought forward",
    "货款 goods",
    "服务费 services",
    "采购款 purchase",
    "工资 payroll",
    "税款 tax",
    "社保费 social security",
    "电费 electricity",
    "手续费 fee",
    "存款利息 interest",
    "贷款发放 loan drawn",
    "贷款还款 loan repayment",
    "内部转账 own transfer",
    "现金支取 cash",
    "消费 spending",
    "退票冲回 returned payment",
    "设备采购款 equipment",
    "工程款 construction",
    "电费收入 tariff",
    "资本金 equity",
    "往来款 current account",
    "购买理财 wealth product",
    "结汇 FX conversion",
    "代偿及处置回款 guarantor and collateral proceeds",
    "银证转账 transfer to securities account",
)
(
    M_OPENING,
    M_GOODS,
    M_SERVICE,
    M_PURCHASE,
    M_PAYROLL,
    M_TAX,
    M_SOCIAL,
    M_POWER,
    M_FEE,
    M_INTEREST,
    M_DRAWN,
    M_REPAID,
    M_OWN,
    M_CASH,
    M_SPENDING,
    M_RETURNED,
    M_EQUIPMENT,
    M_WORKS,
    M_TARIFF,
    M_EQUITY,
    M_CURRENT,
    M_WEALTH,
    M_FX,
    M_PROCEEDS,
    M_BROKER,
) = range(len(MEMOS))

_FIELDS = (
    "account",
    "day",
    "credit",
    "cents",
    "purpose",
    "memo",
    "kind",
    "channel",
    "party",
    "loan",
    "returned",
    "reverses",
)


@dataclass
class Ledger:
    """Collects rows. `party` is a position in the chunk's counterparties (-1 none); `reverses` a row of the ledger."""

    rows: int = 0
    _blocks: list[dict[str, Ints]] = field(default_factory=list)

    def add(
        self,
        account: Ints,
        day: Ints,
        cents: Ints,
        *,
        credit: bool | Bools,
        purpose: int,
        memo: "int | Ints",
        kind: "int | Ints" = BANK,
        channel: "int | Ints" = BATCH,
        party: "int | Ints" = -1,
        loan: "int | Ints" = -1,
        returned: int = 0,
        reverses: "int | Ints" = -1,
    ) -> Ints:
        """Adds rows (positive cents) and gives their row numbers."""
        given = (account, day, credit, cents, purpose, memo, kind, channel, party, loan, returned, reverses)
        size = len(account)
        block = {
            name: np.broadcast_to(np.asarray(value, dtype=np.int64), (size,))
            for name, value in zip(_FIELDS, given, strict=True)
        }
        self._blocks.append(block)
        self.rows += size
        return np.arange(self.rows - size, self.rows, dtype=np.int64)

    def joined(self) -> dict[str, Ints]:
        """All rows so far, one array per field, in the order added."""
        return {name: np.concatenate([block[name] for block in self._blocks]) for name in _FIELDS}
