"""The plan of a bank: how many of what, who belongs where. Small arrays over all clients, made before the chunks."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from nightdesk_lab.demo_bank import names
from nightdesk_lab.demo_bank.frames import Bools, Floats, Ints
from nightdesk_lab.demo_bank.project_kinds import PROJECT_KINDS, kinds_for
from nightdesk_lab.demo_bank.sectors import CODES, SECTORS
from nightdesk_lab.demo_bank.stories import Cast, StoryBook, assign
from nightdesk_lab.demo_bank.timeline import Timeline, make_timeline

#: clients generated at a time; part of the definition of a bank, since each chunk has its own random numbers
CHUNK = 1_000
LARGE, MID, SMALL, SPV, PRIVATE = range(5)
SEGMENTS = ("large_corporate", "mid_corporate", "small_business", "project_company", "private")
CLIENTS_PER_RM = 60
#: rows a month that do not depend on activity: wages, tax, social security, power and fee
FIXED_ROWS, FIXED_ROWS_PERSON = 5, 2
_OTHER_ROWS, _MADE_SHARE = 2.1, 0.94
#: transactions per client and month where none are asked for
TXN_A_MONTH = 21

_SHARES = (0.04, 0.22, 0.44, 0.0, 0.30)
#: median and spread (log) of the monthly inflow in yuan
_INFLOW = ((14_000_000, 0.9), (1_800_000, 0.8), (320_000, 0.7), (14_000_000, 0.5), (90_000, 0.9))
_ACTIVITY = (2.4, 1.55, 0.95, 0.5, 0.6)
#: shares of a segment's clients with a revolving limit, with a term loan, and with published accounts
_BORROWS, _INVESTS, _REPORTS = (0.7, 0.5, 0.3, 0.0, 0.0), (0.5, 0.28, 0.1, 0.0, 0.14), (1.0, 1.0, 0.35, 1.0, 0.0)

#: stories that need a revolving limit, a term loan, or a business large enough that its fall is money
_NEEDS_LIMIT = (
    "drawn_limits", "lost_payer", "late_wages", "fully_drawn", "money_flows_back", "loan_to_broker",
    "technical_delay", "paid_late_once", "habitually_late",
)  # fmt: skip
_NEEDS_TERM_LOAN = (
    "restructured", "instalment_uncovered", "collateral_falls", "valued_lower", "guarantee_circle", "sound_circle",
)  # fmt: skip
_MUST_BE_SEEN = (
    "lost_payer", "drawn_limits", "late_wages", "one_large_purchase", "season", "decline_recovers", "payer_replaced",
)  # fmt: skip


@dataclass(frozen=True)
class Clients:
    """All clients, one entry each: numbers only, ids are made from positions."""

    segment: Ints
    sector: Ints
    branch: Ints
    rm: Ints
    group: Ints
    inflow: Ints
    activity: Floats
    onboard: Ints
    closed: Ints
    project: Ints
    borrows: Bools
    invests: Bools
    reports: Bools

    def part(self, low: int, high: int) -> "Clients":
        """Clients low..high-1."""
        return Clients(**{name: values[low:high] for name, values in vars(self).items()})

    @property
    def is_company(self) -> Bools:
        """Everyone but natural persons."""
        return np.asarray(self.segment != PRIVATE)


@dataclass(frozen=True)
class Staff:
    """Everyone who works at the bank: branch position, role and, for managers, who they are."""

    branch: Ints
    role: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that is decided before the first row is made."""

    seed: int
    timeline: Timeline
    clients: Clients
    staff: Staff
    stories: StoryBook
    project_stage: Ints
    project_kind: Ints
    txn_per_month: float
    branches: int

    @property
    def size(self) -> int:
        """Number of clients."""
        return len(self.clients.segment)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.size // CHUNK)

    def random(self, topic: str, chunk: int = -1) -> np.random.Generator:
        """Random numbers of one topic of one chunk, independent of every other topic and chunk."""
        return np.random.default_rng([self.seed, chunk + 1, *topic.encode()])

    def is_english(self, branch: Ints) -> Bools:
        """Whether branches speak English."""
        return np.array([branch_name(at)[3] == "en" for at in range(self.branches)])[branch]


def branch_name(at: int) -> tuple[str, str, str, str]:
    """Chinese name, English name, region and language of the branch at a position."""
    zh, en, region, language = names.BRANCHES[at % len(names.BRANCHES)]
    again = at // len(names.BRANCHES)
    return (f"{zh}{again + 1}部", f"{en} {again + 1}", region, language) if again else (zh, en, region, language)


def make_plan(
    *,
    clients: int,
    months: int,
    until: date,
    seed: int,
    branches: int,
    projects: int | None,
    txn_per_client: int | None,
) -> Plan:
    """Decides sizes, segments, branches, managers, groups, projects and stories. No clock, no order of sets."""
    timeline = make_timeline(until, months)
    random = np.random.default_rng([seed, 0])
    project_count = min(
        clients // 4 if projects is None else clients, projects if projects is not None else max(2, round(clients / 50))
    )
    segment = random.choice(5, clients, p=_SHARES).astype(np.int64)
    project = np.full(clients, -1, dtype=np.int64)
    spv = np.sort(random.choice(clients, project_count, replace=False))
    segment[spv] = SPV
    project[spv] = np.arange(project_count)
    stage_of_project = np.arange(project_count, dtype=np.int64) % 2
    stage = np.where(project >= 0, stage_of_project[project] if project_count else 0, -1)
    shares = random.dirichlet(np.full(branches, 20.0))
    branch = random.choice(branches, clients, p=shares).astype(np.int64)
    if clients >= branches:
        branch[random.permutation(clients)[:branches]] = np.arange(branches)
    median = np.array([row[0] for row in _INFLOW])[segment]
    spread = np.array([row[1] for row in _INFLOW])[segment]
    inflow = (median * np.exp(spread * random.standard_normal(clients)) * 100).astype(np.int64)
    onboard = timeline.first - 30 - (random.random(clients) ** 1.5 * 4_200).astype(np.int64)
    newcomer = (random.random(clients) < 0.04) & (segment != SPV)
    late_start = timeline.first + (random.random(clients) * max(timeline.days - 25, 1)).astype(np.int64)
    onboard = np.where(newcomer, late_start, onboard)
    leaves = (random.random(clients) < 0.008) & ~newcomer & (segment != SPV)
    closed_on = timeline.last - (random.random(clients) * timeline.days * 0.8).astype(np.int64)
    is_company = segment != PRIVATE
    draw = random.random((3, clients))
    borrows, invests, reports = (
        draw[at] < np.array(shares)[segment] for at, shares in enumerate((_BORROWS, _INVESTS, _REPORTS))
    )
    borrows, invests = borrows & ~leaves, invests & ~leaves
    lends = borrows | invests | (segment == SPV)
    cast = Cast(stage, is_company, segment == LARGE, lends, borrows, reports, ~newcomer & ~leaves)
    stories = assign(random, timeline, cast, seed)
    borrows |= stories.of(*_NEEDS_LIMIT)
    # nobody comes to the bank with an arrear
    onboard = np.where(~stories.is_plain, np.minimum(onboard, timeline.first - 420), onboard)
    invests |= stories.of(*_NEEDS_TERM_LOAN)
    lifted = stories.of("quiet_improver", "one_month_spiker")
    inflow = np.where(lifted, (150_000_000 * (1 + random.random(clients))).astype(np.int64), inflow)
    big_enough = stories.of(*_MUST_BE_SEEN)
    inflow = np.where(big_enough, np.maximum(inflow, 60_000_000), inflow)
    group = _grouped(random, segment)
    sector = np.where(is_company, random.integers(0, len(SECTORS), clients), -1)
    project_kind = _sponsored(random, segment, sector, group, project, project_count)
    activity = np.array(_ACTIVITY)[segment] * np.exp(0.35 * random.standard_normal(clients))
    staff, rm = _staffed(random, branch, branches)
    people = Clients(
        segment=segment,
        sector=sector,
        branch=branch,
        rm=rm,
        group=group,
        inflow=inflow,
        activity=activity / activity.mean(),
        onboard=onboard,
        closed=np.where(leaves, closed_on, np.iinfo(np.int64).min),
        project=project,
        borrows=borrows,
        invests=invests,
        reports=reports,
    )
    per_client = txn_per_client if txn_per_client is not None else TXN_A_MONTH * months
    return Plan(
        seed=seed,
        timeline=timeline,
        clients=people,
        staff=staff,
        stories=stories,
        project_stage=stage_of_project,
        project_kind=project_kind,
        txn_per_month=_rows_per_month(people, per_client / (timeline.days / 30.4)),
        branches=branches,
    )


def _sponsored(
    random: np.random.Generator, segment: Ints, sector: Ints, group: Ints, project: Ints, projects: int
) -> Ints:
    """What each project builds: something its group's head would, which then is the project company's own sector.

    Changes `sector` and `group` in place: a project company leaves a group whose head would build none of it.
    """
    kind = random.permutation(projects) % len(PROJECT_KINDS)
    members = np.flatnonzero((group >= 0) & (segment != SPV))
    heads = dict(zip(group[members[::-1]].tolist(), members[::-1].tolist(), strict=True))
    code_of = {code: at for at, code in enumerate(CODES)}
    for client in np.flatnonzero(project >= 0).tolist():
        head = heads.get(int(group[client]), -1)
        fitting = kinds_for(CODES, int(sector[head])) if head >= 0 else np.empty(0, dtype=np.int64)
        if len(fitting):
            kind[project[client]] = random.choice(fitting)
        else:
            group[client] = -1
        sector[client] = code_of[PROJECT_KINDS[int(kind[project[client]])].trade]
    return kind


def variable_rows(clients: Clients, txn_per_month: float) -> Floats:
    """Receipts and purchases a month per client: what its activity asks for beside wages, taxes and fees."""
    rows = txn_per_month * clients.activity
    return np.maximum(rows - np.where(clients.is_company, FIXED_ROWS, FIXED_ROWS_PERSON), 1.5)


def _rows_per_month(clients: Clients, wanted: float) -> float:
    """The level of activity that gives the wanted number of rows, although nobody has fewer than a few.

    Counted in: what loans, transfers, interest and returns add, and the share of planned rows that is made.
    """
    wanted = max(wanted - _OTHER_ROWS, 0.1) / _MADE_SHARE
    fixed = np.where(clients.is_company, FIXED_ROWS, FIXED_ROWS_PERSON)
    low, high = 0.0, 2 * wanted
    for _ in range(40):
        middle = (low + high) / 2
        if float((fixed + variable_rows(clients, middle)).mean()) < wanted:
            low = middle
        else:
            high = middle
    return high


def _staffed(random: np.random.Generator, branch: Ints, branches: int) -> tuple[Staff, Ints]:
    """Heads first, then managers branch by branch, then risk, ESG and data people; and each client's manager."""
    counts = np.maximum(1, -(-np.bincount(branch, minlength=branches) // CLIENTS_PER_RM))
    first = branches + np.r_[0, np.cumsum(counts)[:-1]]
    rm = first[branch] + np.floor(random.random(len(branch)) * counts[branch]).astype(np.int64)
    rm = np.where(random.random(len(branch)) < 0.01, -1, rm)
    others = ["risk"] * max(1, branches // 3) + ["esg"] * max(1, branches // 6) + ["data"]
    where = np.r_[np.arange(branches), np.repeat(np.arange(branches), counts), np.arange(len(others)) % branches]
    roles = ("branch_head",) * branches + ("rm",) * int(counts.sum()) + tuple(others)
    return Staff(branch=where.astype(np.int64), role=roles), rm


def _grouped(random: np.random.Generator, segment: Ints) -> Ints:
    """Control groups of three to five companies of one chunk; a project company joins one where there is one."""
    group = np.full(len(segment), -1, dtype=np.int64)
    number = 0
    for low in range(0, len(segment), CHUNK):
        part = segment[low : low + CHUNK]
        companies = low + random.permutation(np.flatnonzero(part <= MID))
        taken = companies[: int(0.35 * len(companies))]
        sizes = random.integers(3, 6, len(taken) // 3 + 1)
        starts = np.r_[0, np.cumsum(sizes)]
        first = number
        for start, end in pairwise(starts.tolist()):
            if end <= len(taken):
                group[taken[start:end]] = number
                number += 1
        spv = low + np.flatnonzero(part == SPV)
        if number > first:
            joins = spv[random.random(len(spv)) < 0.7]
            group[joins] = random.integers(first, number, len(joins))
    return group
