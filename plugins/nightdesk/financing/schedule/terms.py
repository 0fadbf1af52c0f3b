"""What was agreed: a contract's terms, and which of them cannot stand together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from nightdesk.errors import UsageError
from nightdesk.financing.schedule.cycle import Cycle
from nightdesk.financing.schedule.day_count import DAY_COUNTS, DayCount
from nightdesk.financing.schedule.money import LARGEST, ZERO, cents
from nightdesk.financing.schedule.rolling import ROLLS, Works

STUBS = ("first", "last", "spread", "upfront")
#: years in which a loan may be paid out
_YEARS = range(1900, 2200)
#: what single shapes take: a number, or a row of them; of these, the ones that are money
Extra = Decimal | tuple[Decimal, ...]
_AMOUNTS = ("payment", "principal_rows", "cfads", "balloon")


@dataclass(frozen=True)
class Terms:
    """A loan as it was agreed. Amounts are taken to the cent, half up; dates are as written, not rolled.

    `paid_out` is the day the principal is paid out, `first_due` the first due date, from which the others follow by
    `every`, up to and with `maturity`, or `periods` of them. Draws come on top of the principal. `stub`: see odd_days.
    `extras` is what single shapes need (payment, principal_rows, ...); each shape says which it takes.
    """

    principal: Decimal
    rate_pct: Decimal
    paid_out: date
    first_due: date
    shape: str
    maturity: date | None = None
    periods: int | None = None
    every: Cycle = field(default_factory=lambda: Cycle(1, 0))
    day_count: DayCount = DAY_COUNTS["30E/360"]
    roll: str = "none"
    works: Works = lambda day: day.weekday() < 5
    is_adjusted: bool = True
    capitalise_to: date | None = None
    first_principal: date | None = None
    resets: tuple[tuple[date, Decimal], ...] = ()
    draws: tuple[tuple[date, Decimal], ...] = ()
    stub: str | None = None
    extras: dict[str, Extra] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises UsageError for what cannot stand together, whatever the shape."""
        object.__setattr__(self, "principal", cents(self._amount("--principal", self.principal)))
        draws = tuple(sorted((day, cents(self._amount("--draw", amount))) for day, amount in self.draws))
        object.__setattr__(self, "draws", draws)
        object.__setattr__(self, "resets", tuple(sorted(self.resets)))
        object.__setattr__(self, "extras", {name: _sound(name, found) for name, found in self.extras.items()})
        if (payment := self.amount("payment")) is not None:
            self._amount("--payment", payment)
        for option, found, known in (("--roll", self.roll, ROLLS), ("--stub", self.stub, (None, *STUBS))):
            if found not in known:
                raise UsageError(f"{option} {found!r} is unknown", f"Choose one of: {', '.join(filter(None, known))}.")
        self._check_rates()
        self._check_dates()
        _only_once("--draw", (day for day, _ in self.draws))
        _only_once("--reset", (day for day, _ in self.resets))

    def amount(self, name: str) -> Decimal | None:
        """An amount among the extras."""
        found = self.extras.get(name)
        return found if isinstance(found, Decimal) else None

    def amounts(self, name: str) -> tuple[Decimal, ...] | None:
        """A row of amounts among the extras."""
        found = self.extras.get(name)
        return found if isinstance(found, tuple) else None

    def pays_principal(self, day: date) -> bool:
        """Is principal due at a due date whose later of written and rolled day this is?"""
        return self.first_principal is None or day >= self.first_principal

    @staticmethod
    def _amount(option: str, amount: Decimal) -> Decimal:
        if cents(finite(option, amount)) <= ZERO:
            raise UsageError(f"{option} {amount} is not an amount above zero", "Give an amount of at least 0.01.")
        return amount

    def _check_rates(self) -> None:
        for option, rate in (("--rate-pct", self.rate_pct), *(("--reset", rate) for _, rate in self.resets)):
            if finite(option, rate) < 0:
                raise UsageError(f"{option} {rate} is negative", "Give the yearly rate in percent, from 0.")

    def _check_dates(self) -> None:
        if self.paid_out.year not in _YEARS:
            raise UsageError(
                f"--paid-out {self.paid_out} lies outside {_YEARS.start} to {_YEARS.stop - 1}", "Check the year."
            )
        self._in_order("--first-due", self.first_due, "--paid-out", self.paid_out, may_be_equal=False)
        if self.maturity is not None and self.periods is not None:
            raise UsageError("--maturity and --periods are both given", "Give one of them: the other follows from it.")
        if self.maturity is not None:
            self._in_order("--maturity", self.maturity, "--first-due", self.first_due)
        if self.periods is not None and self.periods < 1:
            raise UsageError(f"--periods {self.periods} is no number of due dates", "Give a whole number from 1.")
        if self.capitalise_to is not None:
            self._in_order("--capitalise-to", self.capitalise_to, "--paid-out", self.paid_out, may_be_equal=False)
        if self.first_principal is not None:
            self._in_order("--first-principal", self.first_principal, "--paid-out", self.paid_out, may_be_equal=False)
            if self.capitalise_to is not None and self.first_principal <= self.capitalise_to:
                raise UsageError(
                    f"--first-principal {self.first_principal} lies within the time in which interest is capitalised",
                    f"Give a day after --capitalise-to {self.capitalise_to}.",
                )
        for option, days in (("--draw", self.draws), ("--reset", self.resets)):
            for day, _ in days:
                self._in_order(option, day, "--paid-out", self.paid_out)

    @staticmethod
    def _in_order(option: str, day: date, than: str, other: date, may_be_equal: bool = True) -> None:
        if day < other or (day == other and not may_be_equal):
            raise UsageError(
                f"{option} {day} is {'before' if day < other else 'the same day as'} {than} {other}",
                f"Give a day {'from' if may_be_equal else 'after'} {other}.",
            )


def _sound(name: str, found: Extra) -> Extra:
    """An extra whose numbers are numbers, and whose amounts are to the cent."""
    option = f"--{name.replace('_', '-')}"
    numbers = [finite(option, one) for one in (found if isinstance(found, tuple) else (found,))]
    if name in _AMOUNTS:
        numbers = [cents(one) for one in numbers]
    return tuple(numbers) if isinstance(found, tuple) else numbers[0]


def finite(option: str, amount: Decimal) -> Decimal:
    """The amount itself. Raises UsageError for what no contract can mean."""
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise UsageError(f"{option} {amount} is no amount", f"Write a plain number up to {LARGEST:f}.")
    return amount


def _only_once(option: str, days: Iterable[date]) -> None:
    seen = set[date]()
    for day in days:
        if day in seen:
            raise UsageError(f"{option} names {day} twice", "Give each day once.")
        seen.add(day)
