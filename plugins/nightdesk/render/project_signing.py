"""Decision, conditions and sign-off of a project's review, on the facts that stood then, and what has changed since."""

from collections import Counter
from collections.abc import Sequence

from nightdesk.kept_facts import is_plain
from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.project_facts import CHANGES, Change, FactWords, changes_of
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.rows import Row, as_rows, day_of, flag_of, int_of, text_of

_STATES = {"drafted": "not_assessed", "prepared": "grey", "approved": "green", "superseded": "grey"}
_VERDICTS = {"pass": "green", "conditional": "amber", "fail": "red"}
_CONDITIONS = {"overdue": "red", "open": "amber", "not_assessed": "not_assessed", "met": "green"}
_CHANGES = {
    "worse": "red", "new": "amber", "gone": "grey", "changed": "grey", "answered": "green", "better": "green",
}  # fmt: skip


def review_shown(source: ProjectInput) -> Row:
    """The review that the page is of: the one of the period that is asked for, else the newest; empty without one."""
    rows = sorted(as_rows(source.reviews), key=lambda row: str(row["period_end"]))
    if source.period_end is not None:
        rows = [row for row in rows if day_of(row, "period_end") == source.period_end]
    return rows[-1] if rows else {}


def last_signed(source: ProjectInput) -> Row:
    """The newest approved review before the one shown, or itself; empty without one."""
    shown = day_of(review_shown(source), "period_end")
    rows = [
        row
        for row in sorted(as_rows(source.reviews), key=lambda row: str(row["period_end"]))
        if row["state"] in ("approved", "superseded")
        and (shown is None or (day := day_of(row, "period_end")) is None or day <= shown)
    ]
    return rows[-1] if rows else {}


def changes_since(source: ProjectInput, words: FactWords) -> tuple[Change, ...] | None:
    """What has changed since the last signed review, or since the shown one was prepared; None where its facts are
    not kept."""
    return changes_of_review(last_signed(source) or review_shown(source), source, words)


def changes_of_review(of: Row, source: ProjectInput, words: FactWords) -> tuple[Change, ...] | None:
    """What has changed since a review kept its facts; None where it keeps none."""
    kept = source.kept_facts.get(str(of.get("period_end")))
    if kept is None:
        return None
    return changes_of(kept, as_rows(source.facts), words, is_plain=is_plain(kept, of.get("facts_hash")))


def signing_sheet(source: ProjectInput, words: FactWords, t: Catalogue, f: Figures) -> Sheet:
    """Who decided what, on which conditions, and whether the facts are still those that were signed."""
    shown, signed = review_shown(source), last_signed(source)
    is_other = bool(signed) and signed.get("period_end") != shown.get("period_end")
    facts = list(_of_review(shown, source, t, f)) if shown else []
    if is_other:
        facts.append(Fact(t("esg.last_signed"), _signed_words(signed, source, t, f)))
    changes = changes_since(source, words)
    of = signed or shown
    if of and of.get("state") != "drafted":
        facts.append(still(changes, of, t))
    if any(flag_of(row, "is_perhaps_incomplete") for row in (shown, signed) if row):
        facts.append(Fact(t("esg.data"), t("esg.review_held_back"), "caution"))
    own, former = text_of(shown, "judgement"), text_of(signed, "judgement")
    written = own or former
    parts = [_conditions(source, t, f)]
    if changes:
        parts.append(changes_sheet(changes, of, t, f))
    return Sheet(
        title=t("esg.signing"),
        facts=tuple(facts),
        said="" if shown else t("esg.signing_empty"),
        words=(Fact(t("esg.judgement" if own else "esg.judgement_signed"), written),) if written else (),
        parts=tuple(parts),
    )


def signed_facts_sheet(source: ProjectInput, words: FactWords, t: Catalogue, f: Figures) -> Sheet | None:
    """The facts that stood when the last review was signed, as it keeps them; None where it keeps none."""
    of = last_signed(source) or review_shown(source)
    kept = source.kept_facts.get(str(of.get("period_end")))
    if not kept:
        return None
    rows = sorted(kept, key=lambda row: str(row["fact"]))
    return Sheet(
        title=t("esg.signed_facts"),
        hint=t("esg.signed_facts_hint", day=f.day(day_of(of, "facts_on")), hash=(text_of(of, "facts_hash") or "")[:12]),
        columns=_columns(t, ("state", "fact", "then")),
        rows=tuple(
            (
                Cell("", Mark(t.label("fact_tone", row["tone"]), str(row["tone"]))),
                Cell(words.what(row), is_heading=True),
                Cell(words.value(row)),
            )
            for row in rows
        ),
    )


def _of_review(row: Row, source: ProjectInput, t: Catalogue, f: Figures) -> Sequence[Fact]:
    state = str(row["state"])
    returned = text_of(row, "returned_by")
    closed = text_of(row, "closed_by")
    word = t("esg.returned", who=who(row, "returned", source, t, f)) if returned else t(f"review_state.{state}")
    if closed:
        word = t("esg.review_closed", who=who(row, "closed", source, t, f))
    facts = [
        Fact(t("esg.review_state"), word, "caution" if returned and not closed else ""),
        Fact(t("esg.period"), f.day(day_of(row, "period_end"))),
    ]
    if text_of(row, "verdict"):
        facts.append(Fact(t("esg.decision"), t(f"review_verdict.{row['verdict']}")))
        facts.append(Fact(t("esg.prepared"), who(row, "prepared", source, t, f)))
    facts.append(
        Fact(t("esg.approved"), who(row, "approved", source, t, f) if text_of(row, "approved_by") else t("esg.nobody"))
    )
    if text_of(row, "note"):
        facts.append(Fact(t("esg.decision_note"), text_of(row, "note") or ""))
    for key in ("esg.next_review_on", "esg.site_visit_on", "esg.consultant_on"):
        if (day := day_of(row, key.removeprefix("esg."))) is not None:
            facts.append(Fact(t(key), f.day(day)))
    digest = text_of(row, "facts_hash")
    if digest and state != "drafted":
        facts.append(Fact(t("esg.facts_on"), f"{f.day(day_of(row, 'facts_on'))} · {digest[:12]}"))
    return facts


def _signed_words(row: Row, source: ProjectInput, t: Catalogue, f: Figures) -> str:
    verdict = t(f"review_verdict.{row['verdict']}") if row.get("verdict") else t("none")
    parts = (f.day(day_of(row, "period_end")), verdict, who(row, "approved", source, t, f))
    return t("list.join").join(parts)


def still(changes: Sequence[Change] | None, row: Row, t: Catalogue) -> Fact:
    """Whether the facts are still those of a review."""
    label = t("esg.since_signed") if row.get("state") in ("approved", "superseded") else t("esg.since_prepared")
    if changes is None:
        return Fact(label, t("esg.facts_not_kept"), "caution")
    if not changes:
        return Fact(label, t("esg.facts_unchanged"))
    counts = Counter(one.kind for one in changes)
    told = t("list.join").join(t(f"fact_change_n.{kind}", n=counts[kind]) for kind in CHANGES if counts[kind])
    return Fact(label, t("esg.facts_changed", counts=told), "caution")


def changes_sheet(changes: Sequence[Change], of: Row, t: Catalogue, f: Figures) -> Sheet:
    """What has changed since a review, as a table."""
    is_signed = of.get("state") in ("approved", "superseded")
    return Sheet(
        title=t("esg.changes_signed" if is_signed else "esg.changes_prepared", day=f.day(day_of(of, "period_end"))),
        columns=_columns(t, ("change", "fact", "then", "now")),
        rows=tuple(
            (
                Cell("", Mark(t(f"fact_change.{one.kind}"), _CHANGES[one.kind])),
                Cell(one.what, is_heading=True),
                Cell(one.then or t("none")),
                Cell(one.now or t("none")),
            )
            for one in changes
        ),
    )


def _conditions(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    rows = []
    order = list(_CONDITIONS)
    for row in sorted(
        as_rows(source.conditions), key=lambda row: (order.index(str(row["state"])), str(row.get("due_on")))
    ):
        state, late = str(row["state"]), int_of(row, "days_late") or 0
        notes = [t("esg.before_draw")] if flag_of(row, "is_before_draw") else []
        notes += [] if flag_of(row, "is_binding") else [t("esg.not_binding")]
        notes += [t("esg.overdue_days", n=late)] if late else []
        notes += [t("esg.met_on", day=f.day(day_of(row, "met_on")))] if state == "met" else []
        notes += [t("esg.evidence_id", id=text_of(row, "evidence_id"))] if text_of(row, "evidence_id") else []
        rows.append(
            (
                Cell("", Mark(t(f"condition_state.{state}"), _CONDITIONS[state])),
                Cell(text_of(row, "condition") or "", is_heading=True),
                Cell(f.day(day_of(row, "due_on"))),
                Cell(" · ".join(notes)),
                Cell(text_of(row, "condition_id") or ""),
            )
        )
    return Sheet(
        title=t("esg.conditions"),
        columns=_columns(t, ("state", "condition", "due", "note", "number")),
        rows=tuple(rows),
        said="" if rows else t("esg.conditions_empty"),
    )


def condition_issues(source: ProjectInput, t: Catalogue) -> list[tuple[Mark, str]]:
    """Conditions of signed reviews that are late: they are the review's own business and count for its verdict."""
    return [
        (Mark(t("condition_state.overdue"), "red"), f"{t('esg.condition')}{t('list.colon')}{text_of(row, 'condition')}")
        for row in as_rows(source.conditions)
        if flag_of(row, "is_binding") and row["state"] == "overdue"
    ]


def state_mark(row: Row, t: Catalogue) -> Mark:
    """How far a review is, or what it decided once it is approved."""
    state, verdict = str(row["state"]), text_of(row, "verdict")
    if state == "approved" and verdict:
        return Mark(f"{t(f'review_state.{state}')} · {t(f'review_verdict.{verdict}')}", _VERDICTS[verdict])
    return Mark(t(f"review_state.{state}"), _STATES[state])


def who(row: Row, deed: str, source: ProjectInput, t: Catalogue, f: Figures) -> str:
    """Who did it (prepared, approved, returned, closed), and when."""
    by, on = text_of(row, f"{deed}_by"), day_of(row, f"{deed}_on")
    return f"{_person(by, source)} {f.day(on)}" if by else t("none")


def _person(staff_id: str | None, source: ProjectInput) -> str:
    name = source.staff.get(staff_id or "")
    return f"{name} ({staff_id})" if name else staff_id or ""


def _columns(t: Catalogue, names: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    return tuple((t(f"esg_column.{name}"), False) for name in names)
