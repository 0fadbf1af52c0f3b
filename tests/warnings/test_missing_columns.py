"""A column or table that the source lacks never invents a value: what needs it is not assessed and names it, or stays.

Each optional column of each table, and each optional table, is taken from a bank in which every indicator is assessed.
An indicator that forgets to say in policy what it needs fails here by its name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from full_bank import VALUED_BEFORE, Bank, D, full_bank
from sqlcase import parameters, prepare

from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.judged import about_projects, review_columns
from nightdesk.models import Model, ordered
from nightdesk.policy import policy

Rows = dict[tuple[Any, ...], dict[str, Any]]

#: what is compared: the table, its key, and the columns that say something of the client
JUDGED = {
    "warnings_verdict.reading": (
        ("client_id", "indicator"),
        ("is_assessed", "severity", "is_hard", "value", "baseline", "second_value", "min_colour"),
    ),
    # of others' colours: what is missing is named by those others, and what they lose can only make it milder
    "warnings_verdict.contagion": (("client_id", "indicator"), ("is_assessed", "severity", "is_hard")),
    "warnings.loan_floor": (("loan_id",), ("floor_class", "floor_reason", "floor_rank", "bad_pct")),
    "tiers.client_metric": (("client_id",), ("contrib_amt", "eva_amt", "raroc_pct")),
}
#: what is published beside: of these a value may become unknown, and nothing else; a task may also be less urgent
SHOWN = {
    "esg.action": (("action_id",), ("state", "days_late", "done_on")),
    "esg.covenant": (("covenant_id",), ("status", "headroom_pct", "test_date", "cure_until", "waived_until")),
    "esg.incident": (("project_id", "incident_id"), ("state", "days_open", "closed_on", "amount", "is_of_client")),
    "esg.permit": (("permit_id",), ("is_operating_critical", "is_issued", "days_left", "renewal_filed_on")),
    "esg.insurance": (("insurance_id",), ("kind", "days_left")),
    "esg.project_review": (
        ("project_id",),
        (
            *(
                "stage",
                "loan_count",
                "outstanding_amt",
                "limit_amt",
                "exposure_amt",
                "max_days_past_due",
                "physical_pct",
            ),
            *("covenants_tested", "covenants_breached", "covenants_waived", "incidents_open", "incidents_recent"),
            *("penalties_recent_amt", "actions_open", "actions_overdue", "actions_max_days_late", "papers_expired"),
            "papers_expiring",
        ),
    ),
    "tiers.client_tier": (("client_id",), ("tier", "qualified_tier")),
    "tasks.task": (("client_id", "kind", "subject"), ("severity", "due_on", "is_hard")),
}
#: of a client's checks, of a branch's leads, and of signals that tell one thing, the first ones alone are tasks
LEAD, CHECK, SIGNAL = "care.lead", "care.post_loan_check", "tasks_listing.told_signal"
KEYS = {table: key for table, (key, _) in (JUDGED | SHOWN).items()}
KEYS |= {"warnings.warning": ("client_id",), LEAD: ("branch_id", "party_id"), CHECK: ("loan_id", "kind", "subject")}
KEYS |= {SIGNAL: ("client_id", "indicator")}
GRAVITY = {None: 0, "blue": 1, "amber": 2, "red": 3}
#: of this table the currency that lacks a rate is named, not the table
NAMED_BY_VALUE = "fx_rate"
HISTORIES = ("balance_move", "client_day", "loan_day")
pytestmark = [pytest.mark.slow, pytest.mark.long]

INDICATORS = sorted(str(row["indicator"]) for row in policy()["indicator"].effective(D))
CONTAGION = {str(row["indicator"]) for row in policy()["indicator"].effective(D) if row["is_contagion"]}
READ_AS = {str(row["token"]) for row in policy()["read_as"].effective(D)}


@cache
def _named_on_page() -> set[str]:
    """What a project's page says is missing; without the projects there is no page."""
    return {"project", *about_projects(), *review_columns()}


def _plan() -> list[Model]:
    """The models to build, the histories' own first."""
    own = [f"features.{name}" for name in HISTORIES]
    first = ordered(own)
    wanted = ordered([*JUDGED, *SHOWN, LEAD, CHECK, "warnings_verdict.quality", "warnings.warning"])
    return first + [model for model in wanted if model not in first]


def _reads(model: Model) -> set[str]:
    """What a model reads, a history counting as the table that it is the history of."""
    return {re.sub(r"^(history|former)\.", "features.", table) for table in model.reads}


PLAN = _plan()


def _downstream(table: str) -> list[Model]:
    found, changed = [], {f"source.{table}"}
    for model in PLAN:
        if _reads(model) & changed:
            found.append(model)
            changed.add(model.table)
    return found


def _columns_read(table: str) -> list[str]:
    """The optional columns of a table that a model which rests on it names."""
    text = " ".join(re.sub(r"--[^\n]*", "", model.sql) for model in _downstream(table))
    words = set(re.findall(r"[a-z_0-9]+", text))
    return [c.name for c in contract()[table].columns.values() if not c.is_required and c.name in words]


TOKENS = [f"{table.name}.{column}" for table in contract().values() for column in _columns_read(table.name)]
TOKENS += [table.name for table in contract().values() if not table.is_required and _downstream(table.name)]


@dataclass
class Night:
    """The bank's night, built once; a `without` builds what changes and takes it back."""

    bank: Bank
    engine: Engine
    digests: dict[str, Any] = field(default_factory=dict)
    judged: dict[str, Rows] = field(default_factory=dict)
    seen: dict[str, dict[str, Rows]] = field(default_factory=dict)

    def without(self, token: str) -> dict[str, Rows]:
        """The judged and shown tables as they are where the source lacks a column or table."""
        if token not in self.seen:
            self.seen[token] = self._without(token)
        return self.seen[token]

    def _without(self, token: str) -> dict[str, Rows]:
        table, _, column = token.partition(".")
        self.engine.execute("begin transaction")
        try:
            self._take(table, column)
            changed = {f"source.{table}", "night.supplied_column"} | (set() if column else {"night.supplied"})
            for model in PLAN:
                if not _reads(model) & changed:
                    continue
                if not model.is_view:
                    self.engine.build(model.table, model.sql, as_view=False, columns=model.columns)
                if self.digest(model.table) != self.digests[model.table]:
                    changed.add(model.table)
            return {name: self.read(name) if name in changed else rows for name, rows in self.judged.items()}
        finally:
            self.engine.execute("rollback")

    def _take(self, table: str, column: str) -> None:
        if column:
            self.engine.execute(f'update source.{table} set "{column}" = null')
            self.engine.execute(
                f"delete from night.supplied_column where table_name = '{table}' and column_name = '{column}'"
            )
            return
        self.engine.execute(f"delete from source.{table}")
        self.engine.execute(f"update night.supplied set is_supplied = false where table_name = '{table}'")
        self.engine.execute(f"delete from night.supplied_column where table_name = '{table}'")

    def digest(self, table: str) -> Any:
        return self.engine.execute(f"select count(*), sum(hash(x)) from {table} as x").fetchone()

    def read(self, table: str) -> Rows:
        key = KEYS[table]
        return {tuple(row[name] for name in key): row for row in self.engine.rows(f"select * from {table}")}


@pytest.fixture(scope="module")
def night() -> Iterator[Night]:
    bank = full_bank()
    with Engine(parameters(D), threads=1) as engine:
        rows = {f"source.{name}": rows for name, rows in bank.items()}
        prepare(engine, rows | {"previous.collateral_value": VALUED_BEFORE}, D, list(bank))
        for number, model in enumerate(PLAN):
            engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
            if number + 1 == len(ordered([f"features.{name}" for name in HISTORIES])):
                for name in HISTORIES:
                    engine.execute(f"drop table history.{name}")
                    engine.execute(f"create view history.{name} as select * from features.{name}")
        made = Night(bank, engine)
        made.digests = {model.table: made.digest(model.table) for model in PLAN}
        made.judged = {name: made.read(name) for name in KEYS}
        yield made


@pytest.mark.parametrize("indicator", INDICATORS)
def test_given_the_bank_when_judged_then_each_indicator_is_assessed_and_fires_at_one_client_and_at_another_not(
    night: Night, indicator: str
) -> None:
    part = "quality" if indicator.startswith("Q") else "contagion" if indicator in CONTAGION else "reading"
    table = f"warnings_verdict.{part}"
    rows = night.engine.rows(f"select * from {table} where indicator = '{indicator}' and is_assessed")
    assert any(row["severity"] for row in rows), "fires nowhere"
    assert any(row["severity"] is None for row in rows), "is quiet nowhere"


@pytest.mark.parametrize("token", TOKENS)
def test_given_the_bank_when_looked_through_then_it_gives_what_a_rule_reads(night: Night, token: str) -> None:
    table, _, column = token.partition(".")
    rows = night.bank.get(table, [])
    assert any(row.get(column) is not None for row in rows) if column else rows, f"give {token} in full_bank.py"


def test_given_what_rules_require_when_looked_up_then_the_contract_has_it() -> None:
    known = set(contract()) | {f"{t.name}.{c}" for t in contract().values() for c in t.columns}
    rows = [*policy()["indicator"].effective(D), *policy()["five_class_floor"].effective(D)]
    required = {token for row in rows for token in re.split(r"[;|+]", str(row["requires"] or "").replace("?", ""))}
    assert required - {""} <= known
    assert known >= READ_AS


# of the others policy says what their absence is read as
@pytest.mark.parametrize("token", [token for token in TOKENS if token not in READ_AS])
def test_given_a_source_that_lacks_a_column_or_table_then_no_value_is_invented(night: Night, token: str) -> None:
    seen = night.without(token)
    faults = [*_judged_otherwise(night, seen, token), *_shown_otherwise(night, seen, token)]
    assert not faults, f"without {token}:\n" + "\n".join(faults)


def _judged_otherwise(night: Night, seen: dict[str, Rows], token: str) -> list[str]:
    """Readings, floors and metrics that are neither as they were nor not assessed, with what is missing named."""
    return [
        f"{table} {'/'.join(map(str, key))}: {_said(table, before)} became {_said(table, after)}"
        for table in JUDGED
        for key in sorted(night.judged[table].keys() | seen[table].keys(), key=str)
        if not _is_sound(
            token,
            table,
            before := night.judged[table].get(key),
            after := seen[table].get(key),
            seen["warnings.warning"].get(key[:1], {}),
        )
    ]


def _shown_otherwise(night: Night, seen: dict[str, Rows], token: str) -> list[str]:
    """Pages, tasks and tiers that are neither as they were nor unknown; a tier may rest on what is told an estimate."""
    estimated = {
        key[0]
        for key, row in seen["tiers.client_metric"].items()
        if row["is_dep_estimated"] or row["is_group_dep_estimated"] or row["is_contrib_estimated"]
    }
    return [
        f"{table} {'/'.join(map(str, key))}: {before} became {after}"
        for table in SHOWN
        for key in sorted(night.judged[table].keys() | seen[table].keys(), key=str)
        if not (table == "tiers.client_tier" and key[0] in estimated)
        for before, after in [
            tuple(
                row and {name: row[name] for name in SHOWN[table][1]}
                for row in (night.judged[table].get(key), seen[table].get(key))
            )
        ]
        if not _is_shown_soundly(token, table, before, after)
        and not (before is None and table == "tasks.task" and _was_due(night, seen, seen[table][key]))
    ]


def _is_shown_soundly(token: str, table: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> bool:
    """No new row; a row that goes is a task nobody asks for, or one of a project whose page names what is missing."""
    if before is None:
        return False
    if after is None:
        return table == "tasks.task" or (table.startswith("esg.") and token in _named_on_page())
    if table == "tasks.task":
        return (
            GRAVITY[after["severity"]] <= GRAVITY[before["severity"]]
            and after["due_on"] >= before["due_on"]
            and after["is_hard"] <= before["is_hard"]
        )
    return all(after[name] in (before[name], None, "not_assessed") for name in before)


def _was_due(night: Night, seen: dict[str, Rows], task: dict[str, Any]) -> bool:
    """Whether another task of its kind has gone, in whose place it is told: one of which the same was to be done."""
    place_of = {
        "warning": _is_told_by,
        "post_loan_check": _is_behind,
        "lead": _is_same_lead,
        "contact": _is_watch_contact_of,
    }.get(task["kind"])
    gone = [before for key, before in night.judged["tasks.task"].items() if key not in seen["tasks.task"]]
    return place_of is not None and any(
        place_of(night, seen, task, before)
        for before in gone
        if (before["kind"], before["branch_id"]) == (task["kind"], task["branch_id"])
    )


def _is_told_by(night: Night, _: dict[str, Rows], task: dict[str, Any], line: dict[str, Any]) -> bool:
    """A signal that a branch was to be told, as grave, for which the line of another stood: of one event or fact."""
    own, other = (night.judged[SIGNAL].get((row["client_id"], row["subject"])) for row in (task, line))
    return (
        own is not None
        and other is not None
        and own["client_id"] == other["client_id"]
        and own["audience"] == other["audience"] == "branch"
        and GRAVITY[own["severity"]] >= GRAVITY[task["severity"]]
        and _line_of(own) == _line_of(other) is not None
    )


def _line_of(signal: dict[str, Any]) -> tuple[str, ...] | None:
    """What several signals tell together; None of one that is told by itself."""
    if signal["event_key"] is not None:
        return (signal["event_key"],)
    per = {"client": "", "loan": signal["loan_id"] or "", "source": signal["source_keys"] or ""}
    together = {row["indicator"]: row for row in policy()["told_together"].effective(D)}.get(signal["indicator"])
    return together and (str(together["fact"]), per[str(together["per"])])


def _is_behind(night: Night, _: dict[str, Rows], task: dict[str, Any], first: dict[str, Any]) -> bool:
    """A check that stood open, due no later, behind the first of its client."""
    check = night.judged[CHECK].get(tuple(task["subject"].split("|")))
    return (
        check is not None
        and check["state"] in ("open", "overdue")
        and check["due_on"] <= task["due_on"]
        and first["client_id"] == task["client_id"]
        and first["due_on"] <= check["due_on"]
    )


def _is_same_lead(night: Night, seen: dict[str, Rows], task: dict[str, Any], lead: dict[str, Any]) -> bool:
    """A firm that was known by its id, and is known by its name now: no surer."""
    after = seen[LEAD][task["branch_id"], task["subject"]]
    before = night.judged[LEAD][lead["branch_id"], lead["subject"]]
    return (
        after["name"] is not None
        and after["name"] == before["name"]
        and after["certainty_pct"] <= before["certainty_pct"]
    )


def _is_watch_contact_of(_: Night, __: dict[str, Rows], task: dict[str, Any], fixed: dict[str, Any]) -> bool:
    """The contact more of a client on the watch list, which the line of its fixed contact asked for by the same day."""
    return (
        task["subject"].startswith("watch_contact/")
        and fixed["client_id"] == task["client_id"]
        and fixed["figures"]["watch_by"] == str(task["due_on"])
    )


def _said(table: str, row: dict[str, Any] | None) -> str:
    return "nothing" if row is None else ", ".join(str(row[name]) for name in JUDGED[table][1])


def _is_sound(
    token: str, table: str, before: dict[str, Any] | None, after: dict[str, Any] | None, warning: dict[str, Any]
) -> bool:
    """Unchanged; or not assessed, or still firing and no worse, with what is missing named."""
    if before is None:  # whether it applies is not known
        return after is not None and not after["is_assessed"] and token in (after["missing"] or "").split(",")
    if after is None:  # whether it applies is not known: the client's own line names what would tell
        return token in (warning.get("not_supplied") or "").split(",")
    if all(before[name] == after[name] for name in JUDGED[table][1]):
        return True
    if table == "warnings_verdict.contagion":
        return not after["is_assessed"] or GRAVITY[after["severity"]] <= GRAVITY[before["severity"]]
    if table == "tiers.client_metric":
        return bool(after["is_contrib_estimated"]) or all(after[n] in (None, before[n]) for n in JUDGED[table][1])
    if table == "warnings.loan_floor":
        return token in (after["not_supplied"] or "").split(",") and after["floor_rank"] <= before["floor_rank"]
    is_named = token in (after["missing"] or "").split(",") or token == NAMED_BY_VALUE
    still = before["severity"] is not None and GRAVITY[after["severity"]] <= GRAVITY[before["severity"]]
    return is_named and (not after["is_assessed"] or (still and after["is_hard"] <= before["is_hard"]))
