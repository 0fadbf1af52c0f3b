"""The stories a client can live: whom they befall, how often, how they end, and the tables in which they show.

A story is real trouble (some of it ends in default) or only looks like it. Each shows in the tables it names. How many
there are is per 3,000 clients with 60 projects and two years: stories of the `history` begin on any day of it and grow
with its length, those of the `end` are due around the bank's last day, those that are `always` so last from the first.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One story.

    `who`: borrower, large or smaller (borrowing companies by size), limited (has a revolving limit), company, issuer
    (a company with bills), reporter (a company with published accounts), person, construction, operation or project.
    `lead` is how many months before the first unpaid instalment it begins. `default_weight` is how readily it ends in
    default; 0: never. `beside`: it lies beside a client's business, which goes on as if it had no story, and begins so
    many days (nearest, farthest) before the bank's last; its random numbers are its own, so that one more of these
    changes no other row of the bank.
    """

    name: str
    groups: str
    who: str
    per_3000: int
    tables: tuple[str, ...]
    when: str = "history"
    lead: tuple[int, int] = (0, 0)
    default_weight: float = 0.0
    is_look_alike: bool = False
    beside: tuple[int, int] | None = None


def _trouble(
    name: str, groups: str, who: str, often: int, tables: str, lead: tuple[int, int], default_weight: float = 1.0
) -> Kind:
    return Kind(name, groups, who, often, tuple(tables.split()), "history", lead, default_weight)


def _present(name: str, groups: str, who: str, often: int, tables: str, when: str = "history") -> Kind:
    return Kind(name, groups, who, often, tuple(tables.split()), when)


def _seems(name: str, groups: str, who: str, often: int, tables: str, when: str = "history") -> Kind:
    return Kind(name, groups, who, often, tuple(tables.split()), when, is_look_alike=True)


def _beside(name: str, groups: str, who: str, often: int, tables: str, days: tuple[int, int]) -> Kind:
    return Kind(name, groups, who, often, tuple(tables.split()), "end", beside=days)


def _seems_beside(name: str, groups: str, who: str, often: int, tables: str, days: tuple[int, int]) -> Kind:
    return Kind(name, groups, who, often, tuple(tables.split()), "end", is_look_alike=True, beside=days)


KINDS = (
    # trouble that may end in default
    _trouble("lost_payer", "T", "borrower", 7, "txn", (3, 9)),
    _trouble("late_wages", "T", "borrower", 6, "txn", (3, 8)),
    _trouble("drawn_limits", "T", "borrower", 6, "loan_daily", (4, 11)),
    _trouble("sudden_stop", "P", "borrower", 7, "instalment", (0, 0), 5.0),
    _trouble("pays_ever_later", "P", "borrower", 5, "payment", (3, 6)),
    _trouble("accounts_turn", "F", "reporter", 6, "statement", (6, 14)),
    _trouble("auditor_leaves", "F", "reporter", 4, "statement", (6, 14)),
    _trouble("account_frozen", "X", "borrower", 4, "external_event", (1, 4)),
    _trouble("creditors_sue", "X", "borrower", 4, "external_event", (2, 7)),
    _trouble("guarantee_circle", "K", "borrower", 3, "guarantee client_link", (1, 5)),
    _trouble("collateral_falls", "K", "borrower", 3, "collateral", (3, 9)),
    _trouble("bill_advanced", "P", "issuer", 4, "offbalance", (1, 4)),
    _trouble("money_flows_back", "T", "borrower", 3, "disbursement txn", (2, 4)),
    _trouble("loan_to_broker", "T", "borrower", 2, "disbursement txn", (2, 4)),
    _trouble("private_lender", "T", "borrower", 3, "txn", (2, 6)),
    _trouble("income_lost", "T", "person", 5, "txn", (2, 6)),
    # trouble that never comes to it
    _present("arrears_cured", "P", "borrower", 7, "payment"),
    _present("restructured", "P", "borrower", 4, "forbearance"),
    _present("instalment_uncovered", "P", "borrower", 6, "balance", "end"),
    # what only looks like trouble
    _seems("holiday_dip", "T", "company", 25, "txn", "always"),
    _seems("season", "T", "company", 25, "txn", "always"),
    _seems("fully_drawn", "T", "borrower", 90, "loan_daily", "always"),
    _seems("decline_recovers", "T", "company", 22, "txn"),
    _seems("payer_replaced", "T", "company", 14, "txn"),
    _seems("wage_day_moved", "T", "company", 10, "txn"),
    _seems("own_money_to_broker", "T", "company", 10, "txn"),
    _seems("two_way_trade", "T", "company", 10, "txn"),
    _seems("one_large_purchase", "T", "company", 15, "txn", "end"),
    _seems("one_month_spiker", "T", "company", 15, "txn", "end"),
    _seems("quiet_improver", "T", "company", 25, "txn", "end"),
    _seems("habitually_late", "P", "borrower", 20, "payment", "always"),
    _seems("technical_delay", "P", "borrower", 8, "instalment", "end"),
    _seems("paid_late_once", "P", "borrower", 32, "payment"),
    _seems("bill_paid", "P", "issuer", 18, "offbalance"),
    _seems("one_loss", "F", "reporter", 22, "statement"),
    _seems("auditor_rotates", "F", "reporter", 14, "statement"),
    _seems("late_accounts", "F", "reporter", 10, "report_due"),
    _seems("sued_but_sound", "X", "company", 30, "external_event"),
    _seems("freeze_lifted", "X", "company", 8, "external_event"),
    _seems("tax_notice_paid", "X", "company", 12, "external_event"),
    _seems("sound_circle", "K", "borrower", 8, "guarantee client_link", "always"),
    _seems("valued_lower", "K", "borrower", 10, "collateral"),
    # projects: trouble
    _trouble("construction_delay", "J", "construction", 1, "project project_progress", (3, 8)),
    _trouble("environmental_penalty", "E", "operation", 1, "esg_incident esg_item", (3, 8)),
    _present("permit_unfiled", "E", "operation", 1, "permit", "end"),
    _present("permit_expired", "E", "operation", 1, "permit", "end"),
    _present("covenant_drift", "J", "operation", 1, "covenant_test project_cashflow"),
    _present("covenant_breach", "J", "operation", 1, "covenant_test project_cashflow"),
    _present("equity_behind", "J", "construction", 1, "project_progress"),
    _present("draw_ahead", "J", "construction", 1, "project_progress"),
    _present("cod_slip", "J", "construction", 1, "project"),
    _present("revenue_diverted", "T", "operation", 1, "txn account_covenant"),
    _present("reserve_short", "J", "operation", 1, "project_cashflow"),
    _present("esap_overdue", "E", "project", 1, "esap_action"),
    # projects: what only looks like trouble
    _seems("permit_filed", "E", "operation", 2, "permit", "end"),
    _seems("stop_order_lifted", "E", "construction", 2, "esg_incident"),
    _seems("weak_quarter", "J", "operation", 2, "covenant_test project_cashflow"),
    _seems("winter_pause", "J", "construction", 2, "project_progress"),
    _seems("fine_paid", "E", "operation", 2, "esg_incident"),
    _seems("action_done_late", "E", "project", 2, "esap_action"),
    _seems("short_slip", "J", "construction", 2, "project"),
    _seems("breach_waived", "J", "operation", 2, "covenant_test"),
    _seems("late_buyer", "J", "operation", 2, "project_cashflow"),
    # what a loan's own row tells: called, or repaid by the next one
    _trouble("loan_called", "P", "borrower", 3, "loan", (0, 0), 5.0),
    _present("debt_renewed", "P", "large", 3, "loan"),
    _seems("call_withdrawn", "P", "borrower", 6, "loan"),
    _seems("renewal_qualifies", "P", "smaller", 12, "loan"),
    # money that goes round to look like business
    _trouble("circular_trade", "T", "borrower", 3, "txn", (2, 5)),
    # projects: what is owed to them, and what they come to cost
    _present("buyer_stops", "J", "operation", 1, "project_cashflow"),
    _present("subsidy_late", "J", "operation", 1, "project_cashflow"),
    _seems("subsidy_settled", "J", "operation", 1, "project_cashflow"),
    _present("scope_grows", "J", "construction", 1, "project_progress"),
    _seems("few_changes", "J", "construction", 2, "project_progress"),
    _present("overrun_on_credit", "J", "construction", 1, "project_progress"),
    _seems("overrun_shared", "J", "construction", 1, "project_progress"),
    # beside the business: what happens on a site, what is reported, pledged, observed, and where drawn money lies
    _beside("fatal_accident", "E", "borrower", 2, "esg_incident", (20, 400)),
    _seems_beside("slight_accident", "E", "borrower", 3, "esg_incident", (20, 400)),
    _beside("neighbours_protest", "E", "borrower", 2, "esg_incident", (15, 200)),
    _seems_beside("grievance_answered", "E", "borrower", 3, "esg_incident", (35, 200)),
    _beside("storm_damage", "E", "borrower", 2, "esg_incident", (15, 200)),
    _seems_beside("storm_repaired", "E", "borrower", 3, "esg_incident", (220, 400)),
    _beside("report_withheld", "E", "borrower", 2, "report_due", (30, 120)),
    _seems_beside("report_days_late", "E", "borrower", 3, "report_due", (30, 120)),
    _beside("shares_fall", "K", "borrower", 2, "collateral collateral_loan", (35, 150)),
    _seems_beside("shares_dip", "K", "borrower", 3, "collateral collateral_loan", (35, 150)),
    _beside("dealings_doubted", "O", "borrower", 2, "observation", (8, 70)),
    _seems_beside("rumour_passed", "O", "borrower", 3, "observation", (110, 300)),
    _beside("draw_lies_idle", "T", "construction", 1, "txn", (170, 330)),
    _seems_beside("draw_paid_later", "T", "construction", 1, "txn", (170, 330)),
    _beside("category_graver", "E", "project", 1, "project", (20, 200)),
    _seems_beside("category_confirmed", "E", "project", 1, "project", (20, 200)),
    _beside("balance_not_kept", "T", "borrower", 2, "account_covenant", (90, 300)),
    _seems_beside("balance_just_kept", "T", "borrower", 3, "account_covenant", (90, 300)),
    _beside("cash_from_draws", "T", "limited", 2, "txn", (120, 260)),
    _seems_beside("cash_trade", "T", "limited", 3, "txn", (400, 700)),
    # a site that works on against an order, until a fine comes on the bank's last day; a licence that has run out while
    # the authority looks at its renewal
    _beside("order_stands", "E", "construction", 2, "esg_incident", (20, 60)),
    _beside("renewal_waits", "E", "operation", 1, "permit", (14, 60)),
)

PROJECT_ROLES = ("construction", "operation", "project")
#: defaults a year among the clients who borrow. Non-performing-loan formation of Chinese commercial banks and default
#: rates of corporate loan books lie between 1% and 3% a year; the middle of that
DEFAULTS_A_YEAR_PCT = 1.9

_NUMBER = {kind.name: number for number, kind in enumerate(KINDS)}


def number(name: str) -> int:
    """Position of a story in KINDS."""
    return _NUMBER[name]
