"""What a report is made of: published rows and the facts about the night, nothing read from anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from nightdesk.render.catalogue import Language
from nightdesk.render.rows import Row, Table


@dataclass(frozen=True)
class Notes:
    """Facts about the night that every page prints.

    `morning` is the day the list is for (D + 1); `covers_days` the business dates since the last mailed list;
    `cutoff` an aware instant; `data_to` the newest business date with facts; `not_supplied` contract tables;
    `indicator_names` what an indicator's code means, by language.
    """

    morning: date
    cutoff: datetime
    policy_version: str
    data_to: date | None = None
    covers_days: int = 1
    not_supplied: tuple[str, ...] = ()
    indicator_names: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)
    calendar_provisional: bool = False
    point_in_time: bool = True
    uncalibrated: bool = True
    base_ccy: str = "CNY"
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

    def indicator(self, code: str, language: Language) -> str:
        """An indicator's code with its name, where it is known."""
        name = self.indicator_names.get(code, {}).get(language)
        return f"{code} {name}" if name else code


@dataclass(frozen=True)
class BranchInput:
    """One branch's morning list.

    `branch` is its row of the registry; `staff` and `clients` name owners and clients; `tasks`, `warnings`,
    `cleared` and `tiers` are the branch's rows of tasks.task, warnings.warning, warnings.cleared and
    tiers.client_tier; `summary` its row of tasks.branch_summary; `signals` say weight, first_seen and data_date behind
    its tasks (client_id, indicator of warnings.signal). Any table may be a list of dicts, a pandas
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
    tasks: Table = ()
    cleared: Table = ()
    warnings: Table = ()
    tiers: Table = ()
    signals: Table = ()
    summary: Row = field(default_factory=dict)

    @property
    def mail_mode(self) -> str:
        """How much a mail may say: masked (default), full or link_only."""
        mode = self.branch.get("mail_mode")
        return str(mode) if mode in ("full", "link_only") else "masked"


@dataclass(frozen=True)
class ProjectInput:
    """One project's ESG review: its row of esg.project_review, and its rows of the tables beside it.

    `signals` are warnings.signal rows of the project with audience `branch`; the notes' `not_supplied` names
    the tables whose absence the page has to say.
    """

    business_date: date
    revision: int
    restated: bool
    review: Row
    language: Language
    notes: Notes
    client: Row = field(default_factory=dict)
    branch: Row = field(default_factory=dict)
    covenants: Table = ()
    incidents: Table = ()
    actions: Table = ()
    permits: Table = ()
    insurances: Table = ()
    signals: Table = ()


@dataclass(frozen=True)
class QualityInput:
    """One night's checks.

    `tables`: table_name, kind, supplied, rows_read, duplicates, superseded, rows_in, used, quarantined, late.
    `expectations`: table_name, expectation, severity (critical, warning), success, unexpected_count,
    detail.
    `totals`: table_name, business_date, branch_id, ccy, expected_count, actual_count, expected_sum,
    actual_sum, success.
    `quarantine`: table_name, row_key, rule, severity. `held` says why nothing was published, if so.
    `ledger` tells attempts apart, so it is on no page: equal content has equal bytes.
    """

    business_date: date
    notes: Notes
    revision: int | None = None
    tables: Table = ()
    expectations: Table = ()
    totals: Table = ()
    quarantine: Table = ()
    held: str | None = None
    ledger: Mapping[str, object] = field(default_factory=dict)
