"""What the rule book is made of: policy on a day and its rows in time, what each rule reads, the newest evaluation."""

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path

from nightdesk.errors import UsageError
from nightdesk.judged import indicator_reads
from nightdesk.models import models
from nightdesk.policy import PolicyTable, policy, policy_version
from nightdesk.policy.table import TRAILER, Row, as_written
from nightdesk.render.rulebook_rules import LINES, Change, RuleBookInput

#: how a rule names one of its settings
_SETTING = re.compile(r"\bsetting = '([a-z0-9_]+)'")
_TABLE = re.compile(r"\bpolicy\.([a-z_]+_setting)\b")


def rulebook_input(
    profile: str, day: datetime.date, base_ccy: str, evaluation: Mapping[str, object] | None = None
) -> RuleBookInput:
    """The rule book of a profile on a day. Raises PolicyError when something is wrong with what is in force then."""
    version = policy_version(day, profile)
    tables = policy(profile)
    in_force = {name: table.effective(day) for name, table in tables.items()}
    codes = [str(row["indicator"]) for row in in_force["indicator"]]
    return RuleBookInput(
        profile=profile,
        day=day,
        policy_version=version,
        base_ccy=base_ccy,
        policy=in_force,
        history={code: [one for name in LINES for one in _changes(tables[name], code)] for code in codes},
        reads=indicator_reads(),
        settings=_settings(in_force),
        evaluation=evaluation,
    )


def newest_evaluation(folder: Path, profile: str) -> Mapping[str, object] | None:
    """The evaluation below a folder that reaches furthest, of this profile; None where there is none."""
    found = [told for told in (read_evaluation(path) for path in sorted(folder.glob("*/evaluation.json"))) if told]
    own = [told for told in found if told.get("profile") == profile]
    return max(own, key=lambda told: (str(told["to"]), str(told["from"])), default=None)


def read_evaluation(path: Path) -> Mapping[str, object]:
    """An evaluation.json. Raises UsageError when it cannot be read or is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as an evaluation: {type(error).__name__}", _ANEW) from None
    if not isinstance(told, dict) or not {"profile", "from", "to", "indicators", "population"} <= told.keys():
        raise UsageError(f"{path} is no evaluation", _ANEW)
    return told


_ANEW = "Make it anew with nightdesk evaluate, or name another file with --evaluation."


def _changes(table: PolicyTable, code: str) -> list[Change]:
    """The rows of an indicator in time, each with what it changed of the row before of its key."""
    found = []
    before: dict[str, Row] = {}
    rows = [row for _, row in table.rows if row["indicator"] == code]
    for row in sorted(rows, key=lambda row: (table.key_of(row), str(row["valid_from"]))):
        last = before.get(table.key_of(row))
        changed = [
            (name, as_written(last[name]), as_written(row[name]))
            for name in (table.columns if last else ())
            if name not in TRAILER and last and last[name] != row[name]
        ]
        before[table.key_of(row)] = row
        found.append(
            Change(
                table=table.name,
                valid_from=_date(row["valid_from"]),
                valid_to=_date(row["valid_to"]) if row["valid_to"] else None,
                owner=as_written(row["owner"]),
                reason=as_written(row["reason"]),
                changed=tuple(changed),
            )
        )
    return found


def _date(value: object) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))


def _settings(in_force: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """By indicator, the rows of settings that its own SQL names."""
    found: dict[str, list[Row]] = {}
    for model in models().values():
        schema, _, name = model.table.partition(".")
        if schema != "warnings_indicator":
            continue
        named, tables = set(_SETTING.findall(model.sql)), sorted(set(_TABLE.findall(model.sql)))
        rows = [row for table in tables for row in in_force.get(table, ()) if row["setting"] in named]
        found[name.partition("_")[0].upper()] = sorted(rows, key=lambda row: str(row["setting"]))
    return found
