"""What a report is made of: published rows and the facts about the night, nothing read from anywhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from nightdesk.business_day import CalendarGap
from nightdesk.released import Release
from nightdesk.render.catalogue import Language
from nightdesk.render.rows import Row, Table


@dataclass(frozen=True)
class Unassessed:
    """Contract tables that the source supplies and a page's verdict does not look at.

    `tables`: no rule reads them; `floor_only`: the five-class floor alone does; `deeds_only`: tasks and tiers alone do.
    """

    tables: tuple[str, ...] = ()
    floor_only: tuple[str, ...] = ()
    deeds_only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notes:
    """Facts about the night that every page prints.

    `morning` is the day the list is for (D + 1); `covers_days` the business dates since the last mailed list;
    `cutoff` an aware instant; `data_to` the newest business date with facts; `not_supplied` and `unassessed` contract
    tables; `gone` tables and columns (`table.column`) that were supplied last night; `reconstructed` tables that the
    page rests on and that keep no record of when a fact became known; `indicator_names` what an indicator's code
    means, by language; `read_as` what the absence of a table or column is read as, where the contract says so, by
    language; `calendar_provisional_from` the first day, from the business date to the last date that the
    page rests on, that no calendar covers; `released` what a person overrode for this night to be published.
    """

    morning: date
    cutoff: datetime
    policy_version: str
    data_to: date | None = None
    covers_days: int = 1
    not_supplied: tuple[str, ...] = ()
    unassessed: Unassessed = field(default_factory=Unassessed)
    gone: tuple[str, ...] = ()
    reconstructed: tuple[str, ...] = ()
    indicator_names: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)
    read_as: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)
    calendar_provisional_from: date | None = None
    uncalibrated: bool = True
    released: Release | None = None
    base_ccy: str = "CNY"
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

    def indicator(self, code: str, language: Language) -> str:
        """An indicator's code with its name, where it is known."""
        name = self.indicator_names.get(code, {}).get(language)
        return f"{code} {name}" if name else code


@dataclass(frozen=True)
class BranchInput:
    """One branch's morning list.

    `branch` is its row of the registry; `staff` and `clients` name owners and clients, `away` are its rows of
    tasks.client_owner for whom a deputy acts tonight; `tasks`, `warnings` and `tiers` are the branch's rows of
    tasks.task, warnings.warning and tiers.client_tier, `cleared` of what ended: warnings.closed, and what of
    warnings.cleared is not closed; `summary` its row of tasks.branch_summary; `signals` say weight, first_seen and
    data_date behind its tasks (client_id, indicator of warnings.signal), `episodes` since when each stands and whether
    it is told anew (open rows of warnings.episode), `watched` the stages of its clients on the watch list
    (warnings.watch); `resting` are its rows of warnings.episode that a person keeps quiet, and that it may read;
    `steps` its rows of tasks.playbook_task, `plan_steps` the open steps of its clients' plans of contingency and exit
    (asked/branch_plan_step); `deciding` the rules that its clients' colours rest on and `paths` their scores by month,
    as asked/branch_deciding and asked/score_path give them, `capped` the groups whose points are capped, by what a
    branch may read of them (warnings/score_page); `withheld` its rows of warnings.withheld: what the checks
    hold back, or what was there last night and is not; `unreached` how many of its tasks were passed on to a level at
    which nobody has an address; `takes_replies`: replies by mail are read. Any table may be a list of dicts, a pandas
    frame or an Arrow table.
    """

    business_date: date
    revision: int
    restated: bool
    branch: Row
    language: Language
    notes: Notes
    staff: Table = ()
    clients: Table = ()
    away: Table = ()
    tasks: Table = ()
    steps: Table = ()
    plan_steps: Table = ()
    deciding: Table = ()
    paths: Table = ()
    capped: Table = ()
    cleared: Table = ()
    warnings: Table = ()
    tiers: Table = ()
    signals: Table = ()
    episodes: Table = ()
    watched: Table = ()
    resting: Table = ()
    withheld: Table = ()
    summary: Row = field(default_factory=dict)
    unreached: Mapping[str, int] = field(default_factory=dict)
    takes_replies: bool = False

    @property
    def mail_mode(self) -> str:
        """How much a mail may say: masked (default), full or link_only."""
        mode = self.branch.get("mail_mode")
        return str(mode) if mode in ("full", "link_only") else "masked"


@dataclass(frozen=True)
class Bands:
    """Where the tones of a project's page begin, as policy has it.

    `tight_headroom_pct`: percent of its limit within which a covenant that passes is tight; `long_overdue_days`: beyond
    them an open action is red; `expiry_notice_days`: within them a paper expires soon; `expiry_told_days`: beyond them
    its date is told without the days to it; `incident_tones`: what an open incident of a kind is (red, amber), amber
    where it is not named; `least_coverage_pct`: a score that less than this share of its weight is evidenced for bears
    no green verdict.
    """

    tight_headroom_pct: Decimal
    long_overdue_days: int
    expiry_notice_days: int
    expiry_told_days: int
    least_coverage_pct: Decimal
    incident_tones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ProjectInput:
    """One project's ESG review: its row of esg.project_review, and its rows of the tables beside it.

    `standards`, `emissions`, `due`, `requests`, `taxonomy`: its rows of esg.performance_standard,
    esg.financed_emission, tasks.esg_due, esg.evidence_request and esg.taxonomy; `equator` and
    `grievance` its row of esg.equator_reading and esg.grievance.
    `signals` are warnings.signal rows of the project with audience `branch`, `withheld` its rows of
    warnings.withheld; the notes' `not_supplied` and `unassessed` name the tables about projects that the page has to
    say. `panels`: the tables that a bank may leave out and that each panel comes from.

    `reviews`, `conditions`, `facts`, `kpis`: its rows of esg.esg_review, esg.review_condition, esg.review_fact and
    esg.kpi; `items` and `scores` of features.esg_item_state and features.esg_score; `kpi_history` and `parties` as
    asked/kpi_history and asked/project_party give them; `draws` its rows of care.draw_gate. `kept_facts`: by the
    end of its period the facts that a prepared review keeps; `later_facts` its rows of esg_signing.later_fact;
    `period_end` the review that is asked for, the newest where nobody asks. `item_names` what a measured item's
    code means, by language; `staff` names by staff id; `method_changes` the days on which the score's policy
    changed.
    """

    business_date: date
    revision: int
    restated: bool
    review: Row
    language: Language
    notes: Notes
    bands: Bands
    client: Row = field(default_factory=dict)
    branch: Row = field(default_factory=dict)
    covenants: Table = ()
    incidents: Table = ()
    actions: Table = ()
    permits: Table = ()
    insurances: Table = ()
    standards: Table = ()
    emissions: Table = ()
    due: Table = ()
    requests: Table = ()
    taxonomy: Table = ()
    equator: Row = field(default_factory=dict)
    grievance: Row = field(default_factory=dict)
    signals: Table = ()
    withheld: Table = ()
    panels: Mapping[str, Collection[str]] = field(default_factory=dict)
    reviews: Table = ()
    conditions: Table = ()
    facts: Table = ()
    kpis: Table = ()
    items: Table = ()
    scores: Table = ()
    kpi_history: Table = ()
    parties: Table = ()
    draws: Table = ()
    later_facts: Table = ()
    kept_facts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    period_end: date | None = None
    item_names: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)
    staff: Mapping[str, str] = field(default_factory=dict)
    method_changes: Sequence[date] = ()


@dataclass(frozen=True)
class Cost:
    """What a night took, from the ledger.

    `steps` in their order: step, status, tries, row_count, written_bytes, seconds, cpu_seconds, peak_bytes, spill_bytes
    (null where nothing was measured). `nights`: business_date, seconds, cpu_seconds, peak_bytes, spill_bytes and
    written_bytes up to the publication, oldest first, the last one this night's own where it came so far.
    """

    steps: Table = ()
    nights: Table = ()


@dataclass(frozen=True)
class Hold:
    """Why a night is held, a line a check, those that nobody may release first; `is_releasable`: there are none."""

    what: tuple[str, ...]
    is_releasable: bool


@dataclass(frozen=True)
class QualityInput:
    """One night's checks.

    `tables`: table_name, kind, supplied, rows_read, duplicates, superseded, held,
    rows_in, used, quarantined, late.
    `expectations`: table_name, expectation, severity (critical, warning), success, unexpected_count,
    detail.
    `totals`: table_name, business_date, branch_id, ccy, expected_count, actual_count, expected_sum,
    actual_sum, success.
    `calendar_gap`: the first day ahead, within the policy's notice, that no calendar covers.
    `quarantine`: table_name, row_key, rule, severity. `held` says why nothing was published, if so, and
    `remedy` names the command that goes on from there.
    `class_count`: loans, drifts, ahead, unknown, forecast_on (sql/asked/class_count.sql); no loans in a held night.
    `implausible`: figures outside what their sector could have (sql/asked/implausible.sql); none in a held night.
    `answers`: what the mailbox of answers brought: kind, staff_id, taken, refused, detail of each mail.
    `snapshot` says how well the source held still (one_snapshot, one_transaction or none; empty where nobody asked).
    `cost` is on the page and not in its twin: it is of the attempt behind the revision, so that rendering it again
    gives the same bytes, and no two attempts have the same.
    """

    business_date: date
    notes: Notes
    revision: int | None = None
    tables: Table = ()
    expectations: Table = ()
    totals: Table = ()
    quarantine: Table = ()
    held: Hold | None = None
    remedy: str = ""
    calendar_gap: CalendarGap | None = None
    class_count: Mapping[str, object] = field(default_factory=dict)
    answers: Table = ()
    implausible: Table = ()
    snapshot: str = ""
    cost: Cost = field(default_factory=Cost)
