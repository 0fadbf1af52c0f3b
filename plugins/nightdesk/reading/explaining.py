"""Explain: why a client has its tier and colour, with every input, from the very batches that the night read."""

import datetime
from typing import Any

from nightdesk.desk.database import open_desk
from nightdesk.errors import UsageError
from nightdesk.judged import tokens_read
from nightdesk.policy import policy
from nightdesk.reading.assessment import list_notes, read_as
from nightdesk.reading.exporting import standing_publication
from nightdesk.reading.measuring import READINGS, agreed_lines, measure
from nightdesk.reading.published import columns_of
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings

#: source tables whose rows are named, as sql/asked/client_row.sql finds them
_ROWS = ("client", "account", "loan", "instalment", "payment", "project")
#: what is shown of a client beside its verdict; last what was followed of its money, and sureties in a circle
_FEATURES = (
    *("client_window", "client_balance", "client_exposure", "client_span"),
    *("client_circle", "draw_trail", "guarantee_circle"),
)
_KEYS_SHOWN = 200
#: what is shown of an indicator that fired, beside its reading
_OF_SIGNAL = ("first_seen", "change", "points", "rule", "clears", "reason_zh", "reason_en")
#: what is shown of a loan's forecast, beside its classes
_OF_FORECAST = ("forecast_reason", "first_due_on", "last_due_on", "cured_class")
#: what is shown of an indicator's policy row
_RULE = (
    "group_code",
    "family",
    "unit",
    "direction",
    "is_contagion",
    "amber_when",
    "red_when",
    "amber_value",
    "red_value",
    "hard_value",
    "window_days",
    "weight",
    "is_unproven",
)
#: what is shown of the two figures that the value of an indicator lies between
_BETWEEN = ("second_zh", "second_en", "baseline_zh", "baseline_en", "unit", "is_difference")


def explain(
    settings: Settings,
    client_id: str,
    business_date: datetime.date,
    *,
    profile: str | None = None,
    revision: int | None = None,
) -> dict[str, Any]:
    """Tier and colour of a client on a date, with the inputs, thresholds, windows, data dates and source row keys.

    Raises UsageError when the night was never published or does not know the client.
    """
    with open_desk(settings).connect() as connection:
        publication = standing_publication(connection, settings, business_date, profile, revision)
    with PublishedNight(settings, publication) as night:
        ours = "where client_id = $client"
        warning = night.table("warning", ours, client=client_id)
        if not warning:
            raise UsageError(
                f"the night of {business_date} knows no active client {client_id!r}",
                "Correct the id, or name a date on which the client was there.",
            )
        tier = night.table("client_tier", ours, client=client_id)
        signals = {row["indicator"]: row for row in night.table("signal", ours, client=client_id)}
        feeds = night.feeds()
        notes = list_notes(night.notes(), feeds, night.colouring())
        decided = night.inputs.ask("client_decision", ours, client=client_id)
        measure(night, client_id)
        indicators = _indicators(night, signals, agreed_lines(night, client_id))
        concerned = tokens_read({row["indicator"] for row in indicators})
        meant = read_as(night.night.profile.name, business_date, feeds)
        return {
            "client_id": client_id,
            "business_date": business_date,
            "revision": publication.revision,
            "cutoff_at": publication.cutoff_at,
            "release": _release(night),
            "policy_version": night.night.attempt.policy_version,
            "base_ccy": night.night.profile.base_ccy,
            "timezone": night.night.profile.zone.key,
            "tier": tier[0] if tier else None,
            "tier_inputs": _kept(night, "tiers/client_metric", client_id),
            "tier_policy": _policy(night, "tier"),
            "tier_path": night.table("tier_path", ours, client=client_id),
            "potential": night.table("client_potential", ours, client=client_id),
            "rfm": night.table("client_rfm", ours, client=client_id),
            "warning": warning[0],
            "deciding": night.table("deciding", ours, client=client_id),
            "group_points": _group_points(night, client_id),
            "one_matter": _one_matter(night, client_id),
            "score_path": _path(night, client_id),
            "floor_rule": _floor_rule(night, warning[0]["floor_reason"]),
            "watch": next(iter(night.table("watch", ours, client=client_id)), None),
            "exit_plan": next(iter(night.table("exit_plan", ours, client=client_id)), None),
            "exit_steps": night.table("exit_step", ours, client=client_id),
            "episodes": _episodes(night, client_id),
            "decisions": decided,
            "indicators": indicators,
            "observations": _observations(night, client_id),
            "features": {name: _kept(night, f"features/{name}", client_id) for name in _FEATURES},
            "loans": _kept(night, "features/loan_state", client_id),
            "loan_classes": _loan_classes(night, client_id),
            "tasks": night.table("task", ours, client=client_id),
            "steps": night.table("playbook_task", ours, client=client_id),
            "source_rows": _source_rows(night, client_id),
            "withheld": night.withheld(ours, client=client_id),
            "basis": {
                "not_supplied": notes.not_supplied,
                "not_assessed": notes.unassessed.tables,
                "floor_only": notes.unassessed.floor_only,
                "deeds_only": notes.unassessed.deeds_only,
                "gone": notes.gone,
                "not_point_in_time": notes.reconstructed,
                "read_as": {token: words for token, words in meant.items() if token in concerned},
            },
        }


def _release(night: PublishedNight) -> dict[str, Any] | None:
    """Who let the night go on though its checks held it, why, and which checks."""
    found = night.release()
    if found is None:
        return None
    checks = [{"table_name": one.table_name, "rule": one.rule} for one in found.checks]
    return {"released_by": found.by, "reason": found.reason, "is_replayed": found.is_replayed, "overridden": checks}


def _kept(night: PublishedNight, lake_table: str, client_id: str) -> list[dict[str, Any]]:
    view = lake_table.replace("/", ".")
    if not night.engine.exists(view):
        night.inputs.kept(lake_table, columns_of(lake_table))
    return night.engine.rows(f"select * from {view} where client_id = $client order by all", client=client_id)


def _policy(night: PublishedNight, prefix: str) -> dict[str, list[dict[str, Any]]]:
    tables = policy(night.night.profile.name)
    return {
        name: [dict(row) for row in table.effective(night.publication.business_date)]
        for name, table in tables.items()
        if name.startswith(prefix)
    }


def _episodes(night: PublishedNight, client_id: str) -> list[dict[str, Any]]:
    """The client's episodes that are kept, open and closed, each with its indicator's name."""
    texts = policy(night.night.profile.name)["indicator_text"].effective(night.publication.business_date)
    names = {row["indicator"]: {name: row[name] for name in ("name_zh", "name_en")} for row in texts}
    none = dict.fromkeys(("name_zh", "name_en"))
    rows = night.table("episode", "where client_id = $client", client=client_id)
    return [row | names.get(row["indicator"], none) for row in rows]


def _indicators(
    night: PublishedNight, signals: dict[str, dict[str, Any]], agreed: dict[tuple[str, str], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every applicable indicator of the client, also those that did not fire; `agreed`: lines of its own."""
    day, profile = night.publication.business_date, night.night.profile.name
    rules, texts, between = (
        {row["indicator"]: row for row in policy(profile)[name].effective(day)}
        for name in ("indicator", "indicator_text", "indicator_between")
    )
    found: list[dict[str, Any]] = []
    for row in night.engine.rows(
        f"{' union all by name '.join(f'select * from {model}' for model in READINGS)} order by indicator"
    ):
        code = row["indicator"]
        signal = signals.get(code, {})
        found.append(
            {
                **row,
                # of what is not assessed no value may be relied on
                "value": row["value"] if row["is_assessed"] or row["severity"] else None,
                "not_supplied": row["missing"],
                "agreed": agreed.get((row["project_id"], code)),
                "between": {name: between[code][name] for name in _BETWEEN} if code in between else None,
                **{name: rules[code][name] for name in _RULE},
                **{name: texts[code][name] for name in ("name_zh", "name_en")},
                **{name: signal.get(name) for name in _OF_SIGNAL},
            }
        )
    return found


def _observations(night: PublishedNight, client_id: str) -> list[dict[str, Any]]:
    """What people observed of the client, newest first, each with the words of its code, and with its note.

    A note is a person's free text about others: it is read from the source here, for risk, and kept in no table of the
    night, list, page or mail.
    """
    texts = policy(night.night.profile.name)["observation_code_text"].effective(night.publication.business_date)
    names = {row["code"]: row for row in texts}
    rows = _kept(night, "features/observation", client_id)
    told = night.source("observation", "observation_id", "where client_id = $client", client=client_id) if rows else []
    notes = {row["observation_id"]: row["note"] for row in told}
    found = [
        {
            **row,
            **{name: names.get(row["code"], {}).get(name, row["code"]) for name in ("name_zh", "name_en")},
            "note": notes.get(row["observation_id"]),
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: (row["observed_on"], row["observation_id"]), reverse=True)


def _path(night: PublishedNight, client_id: str) -> list[dict[str, Any]]:
    """Score and colour at the end of each of the last twelve months, oldest first; null where no night was run."""
    rows = night.inputs.ask("score_path", "where client_id = $client", client=client_id)
    shown = ("month", "night", "score", "colour")
    return sorted(({name: row[name] for name in shown} for row in rows), key=lambda row: row["month"])


def _group_points(night: PublishedNight, client_id: str) -> list[dict[str, Any]]:
    """Points of each group of indicators before and after its cap: with them the points add up to the score."""
    rows = night.inputs.ask("warnings_score_page.group_points", "where client_id = $client", client=client_id)
    shown = ("group_code", "points", "cap", "counted_points", "is_capped")
    return sorted(({name: row[name] for name in shown} for row in rows), key=lambda row: row["group_code"])


def _one_matter(night: PublishedNight, client_id: str) -> list[list[dict[str, Any]]]:
    """The signals that share an event, a list an event: one of each counts, so that the points add up to the score."""
    rows = night.inputs.ask("warnings_score_page.one_matter", "where client_id = $client", client=client_id)
    matters: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["indicator"]):
        matters.setdefault(row["event_key"], []).append({name: row[name] for name in ("indicator", "points")})
    return list(matters.values())


def _floor_rule(night: PublishedNight, rule: str | None) -> dict[str, Any] | None:
    """The rule of the five-class floor with its words and what has to be passed; None where none set it."""
    day, tables = night.publication.business_date, policy(night.night.profile.name)
    found: dict[str, Any] = {}
    for name in ("five_class_floor", "five_class_floor_text"):
        found |= next((dict(row) for row in tables[name].effective(day) if row["rule"] == rule), {})
    return {name: found[name] for name in ("rule", "passed_value", "name_zh", "name_en")} if found else None


def _loan_classes(night: PublishedNight, client_id: str) -> list[dict[str, Any]]:
    """The three classes of each loan, those kept back too, with the words of both rules, what the cure pays, and
    whether it ends an observation."""
    ours = "where client_id = $client"
    ahead = {row["loan_id"]: row for row in _kept(night, "warnings/loan_forecast", client_id)}
    classes = night.table("loan_class", ours, client=client_id)
    observed = {row["loan_id"] for row in night.inputs.ask("observed_cure", ours, client=client_id)}
    return [
        {
            **row,
            **{name: ahead.get(row["loan_id"], {}).get(name) for name in _OF_FORECAST},
            "floor_words": _floor_rule(night, row["floor_rule"]),
            "forecast_words": _floor_rule(night, ahead.get(row["loan_id"], {}).get("forecast_reason")),
            "is_observed_cure": row["loan_id"] in observed,
        }
        for row in classes
    ]


def _source_rows(night: PublishedNight, client_id: str) -> dict[str, list[str]]:
    """Keys of the client's rows of each source table, the newest ones where there are many."""
    keys: dict[str, list[str]] = {name: [] for name in _ROWS}
    for row in reversed(night.inputs.ask("client_row", "where client_id = $client", client=client_id)):
        keys[row["table_name"]].append(row["row_key"])
    return {name: found[:_KEYS_SHOWN] for name, found in keys.items()}
