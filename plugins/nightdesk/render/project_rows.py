"""Rows of a project's review: covenants, incidents, actions, permits, each with its state in words."""

from datetime import date
from decimal import Decimal

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Bands
from nightdesk.render.project_model import ActionRow, CovenantRow, ExpiryRow, IncidentRow, Mark
from nightdesk.render.rows import Row, Table, as_rows, day_of, decimal_of, flag_of, int_of, text_of
from nightdesk.render.task_line import kind_label

SIGNS = {">=": "≥", "<=": "≤"}
#: of what the night could not tell: neither good nor bad
UNKNOWN = "not_assessed"
TONES = ("red", "amber", UNKNOWN, "grey", "green")


def covenants_of(table: Table, bands: Bands, t: Catalogue, f: Figures) -> tuple[CovenantRow, ...]:
    """The newest test of each covenant, breaches first."""
    newest: dict[str, Row] = {}
    for row in as_rows(table):
        key = text_of(row, "covenant_id") or ""
        if key not in newest or (day_of(row, "test_date") or date.min) > (day_of(newest[key], "test_date") or date.min):
            newest[key] = row
    rows = [_covenant(row, bands, t, f) for row in newest.values()]
    return tuple(sorted(rows, key=lambda row: (TONES.index(row.mark.tone), row.name, row.tested)))


def _covenant(row: Row, bands: Bands, t: Catalogue, f: Figures) -> CovenantRow:
    actual, limit = decimal_of(row, "actual"), decimal_of(row, "limit_value")
    operator = text_of(row, "operator") or ""
    room = _headroom(actual, limit, operator)
    mark = _covenant_mark(text_of(row, "status"), room, bands, t)
    headroom = "" if room is None else t("esg.headroom", value=f.percent(room))
    return CovenantRow(
        name=text_of(row, "name") or text_of(row, "covenant_id") or "",
        metric=t.label("metric", text_of(row, "metric")),
        level=t.label("covenant_level", text_of(row, "level")),
        tested=f.day(day_of(row, "test_date")),
        actual=f.trimmed(actual),
        limit=f"{SIGNS.get(operator, operator)} {f.trimmed(limit)}".strip(),
        headroom=t("esg.covenant_unknown") if mark.tone == UNKNOWN else headroom,
        mark=mark,
    )


def _covenant_mark(status: str | None, room: Decimal | None, bands: Bands, t: Catalogue) -> Mark:
    if status in ("waived", "pending"):
        return Mark(t(f"covenant_status.{status}"), "grey")
    if status == "breach":
        return Mark(t("covenant_status.breach"), "red")
    if status == "pass" and room is not None and room < bands.tight_headroom_pct:
        return Mark(t("covenant_status.tight"), "amber")
    return Mark(t("covenant_status.pass"), "green") if status == "pass" else Mark(t("esg.unknown"), UNKNOWN)


def _headroom(actual: Decimal | None, limit: Decimal | None, operator: str) -> Decimal | None:
    """Distance to the limit in percent of it; positive is good."""
    if actual is None or limit is None or limit == 0 or operator not in SIGNS:
        return None
    distance = (limit - actual) if operator == "<=" else (actual - limit)
    return distance * 100 / abs(limit)


def incidents_of(table: Table, bands: Bands, t: Catalogue, f: Figures) -> tuple[IncidentRow, ...]:
    """Incidents and penalties, open ones first, then the newest."""
    rows = sorted(
        as_rows(table),
        key=lambda row: (
            day_of(row, "closed_on") is not None,
            -(day_of(row, "occurred_on") or date.min).toordinal(),
        ),
    )
    return tuple(
        IncidentRow(
            kind=_incident_kind(row, t),
            occurred=_occurred(row, t, f),
            amount=f.money(decimal_of(row, "amount")),
            source=" · ".join(found) if (found := _told(row, "source", "document_no")) else t("none"),
            cause=text_of(row, "cause") or t("incident_verification.not_supplied"),
            fix=text_of(row, "fix") or t("incident_verification.not_supplied"),
            verified=_verified(row, t),
            number=text_of(row, "incident_id") or "",
            mark=_incident_mark(row, bands, t),
        )
        for row in rows
    )


def _occurred(row: Row, t: Catalogue, f: Figures) -> str:
    """From when to when; where nobody says whether it is closed, that."""
    days = [f.day(day) for name in ("occurred_on", "closed_on") if (day := day_of(row, name))]
    return " – ".join([*days, t("esg.closure_unknown")] if text_of(row, "state") == UNKNOWN else days)


def _told(row: Row, *names: str) -> list[str]:
    return [text for name in names if (text := text_of(row, name))]


def _verified(row: Row, t: Catalogue) -> str:
    """Whether somebody has seen that it is mended, with day and evidence; a day alone is a claim."""
    return t(
        f"incident_verification.{text_of(row, 'verification') or 'not_supplied'}",
        day=day_of(row, "verified_on") or t("none"),
        evidence=text_of(row, "evidence_id") or t("none"),
    )


def _incident_kind(row: Row, t: Catalogue) -> str:
    kind = t.label("incident_kind", text_of(row, "kind"))
    return t("esg.of_client", kind=kind) if flag_of(row, "is_of_client") else kind


def _incident_mark(row: Row, bands: Bands, t: Catalogue) -> Mark:
    closed = day_of(row, "closed_on")
    if closed is not None:
        return Mark(t("esg.closed"), "grey")
    if text_of(row, "state") == UNKNOWN:
        return Mark(t("esg.unknown"), UNKNOWN)
    return Mark(t("esg.open"), bands.incident_tones.get(text_of(row, "kind") or "", "amber"))


def actions_of(table: Table, day: date, bands: Bands, t: Catalogue, f: Figures) -> tuple[ActionRow, ...]:
    """Actions of the plan: overdue ones by how long, then open ones by due date, then done ones."""
    rows = sorted(as_rows(table), key=lambda row: (_is_done(row, day), day_of(row, "due_on") or date.max))
    return tuple(
        ActionRow(
            standard=text_of(row, "standard") or t("none"),
            description=text_of(row, "description") or text_of(row, "action_id") or "",
            owner=text_of(row, "owner") or t("none"),
            priority=t.label("action_priority", text_of(row, "priority")),
            due=f.day(day_of(row, "due_on")),
            note=note,
            mark=mark,
            number=text_of(row, "action_id") or "",
            evidence=text_of(row, "evidence_id") or t("none"),
        )
        for row in rows
        for note, mark in [_action_state(row, day, bands, t)]
    )


def _is_done(row: Row, day: date) -> bool:
    done = day_of(row, "done_on")
    return done is not None and done <= day


def _action_state(row: Row, day: date, bands: Bands, t: Catalogue) -> tuple[str, Mark]:
    done, due = day_of(row, "done_on"), day_of(row, "due_on")
    if done is not None and done <= day:
        told = t("esg.done_on", day=done.isoformat())
        if text_of(row, "evidence_id") is None:
            is_unknown = flag_of(row, "is_evidence_unknown")
            return told, Mark(t("esg.done_evidence_unknown" if is_unknown else "esg.done_unproven"), UNKNOWN)
        return told, Mark(t("action_state.done"), "green")
    if text_of(row, "state") == UNKNOWN:
        return t("esg.done_unknown"), Mark(t("esg.unknown"), UNKNOWN)
    if due is None:
        return "", Mark(t("action_state.open"), "grey")
    late = (day - due).days
    if late > 0:
        tone = "red" if late > bands.long_overdue_days else "amber"
        return t("esg.overdue_days", n=late), Mark(t("action_state.overdue"), tone)
    return t("esg.due_days", n=-late), Mark(t("action_state.open"), "grey")


def expiries_of(
    permits: Table, insurances: Table, day: date, bands: Bands, t: Catalogue, f: Figures
) -> tuple[ExpiryRow, ...]:
    """Permits and insurances by when they end."""
    rows = [(row, t("esg.permit")) for row in as_rows(permits)]
    rows += [(row, t("esg.insurance")) for row in as_rows(insurances)]
    rows.sort(key=lambda pair: (day_of(pair[0], "expires_on") or date.max, str(pair[0].get("kind"))))
    return tuple(_expiry(row, kind, day, bands, t, f) for row, kind in rows)


def _expiry(row: Row, what: str, day: date, bands: Bands, t: Catalogue, f: Figures) -> ExpiryRow:
    expires, renewal = day_of(row, "expires_on"), day_of(row, "renewal_filed_on")
    critical = flag_of(row, "is_operating_critical")
    notes = [t("esg.critical")] if critical else []
    if expires is None:
        is_endless = row.get("does_expire") is False
        mark = Mark(t("expiry_state.endless") if is_endless else t("expiry_state.unknown"), "grey")
    else:
        left = (expires - day).days
        if left < 0:
            is_eased = renewal is not None or flag_of(row, "is_renewal_unknown")
            mark = Mark(t("expiry_state.expired"), "amber" if is_eased and not critical else "red")
            notes.append(t("esg.expired_days", n=-left))
        else:
            is_soon = left <= (int_of(row, "notice_days") or bands.expiry_notice_days)
            if is_soon and renewal is not None:
                mark = Mark(t("expiry_state.filed"), "grey")
            elif is_soon:
                mark = Mark(t("expiry_state.soon"), "amber")
            elif row.get("insurance_id"):
                mark = Mark(t("expiry_state.stated"), "grey")  # the contract has no evidence of a policy
            elif text_of(row, "evidence_id") is None:
                is_untold = flag_of(row, "is_evidence_unknown")
                mark = Mark(t("expiry_state.evidence_unknown" if is_untold else "expiry_state.unproven"), "grey")
            else:
                mark = Mark(t("expiry_state.valid"), "green")
            if left <= bands.expiry_told_days:
                notes.append(t("esg.expires_days", n=left))
    if renewal is not None:
        notes.append(t("esg.renewal", day=renewal.isoformat()))
    kind = text_of(row, "kind")
    return ExpiryRow(
        kind=f"{what}{t('list.colon')}{kind_label(kind, t)}" if kind else what,
        number=text_of(row, "permit_id") or text_of(row, "insurance_id") or "",
        document=text_of(row, "document_no") or text_of(row, "permit_id") or text_of(row, "insurance_id") or "",
        issued=f.day(day_of(row, "issued_on")),
        expires=f.day(expires),
        clock=_clock(row, t, f),
        note=" · ".join(notes),
        evidence=text_of(row, "evidence_id") or t("none"),
        mark=mark,
    )


def _clock(row: Row, t: Catalogue, f: Figures) -> str:
    """By when a renewal has to be filed, or how long an approval holds unbuilt, with the rule that says so."""
    due, months = day_of(row, "renewal_due_on"), int_of(row, "building_months")
    said = t("esg.renewal_due", day=f.day(due)) if due else t("esg.building_within", n=months) if months else ""
    law = text_of(row, "law_zh" if t.language == "zh_CN" else "law_en")
    return f"{said} ({law})" if said and law else said
