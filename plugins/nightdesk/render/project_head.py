"""The head of a project's review: what it is of, and on one screen its score, what is asked and the next date."""

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.project_score import newest_score
from nightdesk.render.project_sheets import due_basis
from nightdesk.render.project_signing import last_signed, review_shown
from nightdesk.render.project_waiting import waiting_reviews
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, flag_of, int_of, text_of


def headline_of(source: ProjectInput, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    """Score and its change, what is asked of whom, what is overdue, and the next date, if one lies ahead."""
    score, shown, signed = newest_score(source), review_shown(source), last_signed(source)
    facts = []
    if score:
        both = (f.trimmed(decimal_of(score, f"score_{name}"), 1) for name in ("evidenced", "strict"))
        words = t("esg.score_line", coverage=f.percent(decimal_of(score, "coverage_pct"), 0), **dict(
            zip(("evidenced", "strict"), both, strict=True)
        ))  # fmt: skip
        facts.append(Fact(t("esg.score"), words + _change(score, signed, t, f)))
    if shown:
        facts.append(Fact(t("esg.asked"), t(f"esg_asked.{_asked(shown, signed)}")))
    late = [row for row in as_rows(source.due) if row["state"] == "overdue"]
    # an earlier one that waits for a person is asked for beside the newest, which may be the night's own draft
    facts += [
        Fact(t.label("esg_due_kind", text_of(row, "kind")), due_basis(row, t, f, source.staff))
        for row in as_rows(source.due)
        if row["state"] == "open" and day_of(row, "period_end") not in (None, day_of(shown, "period_end"))
    ]
    facts += [
        Fact(t("esg.since_prepared"), t("esg.waiting_changed", day=f.day(day_of(row, "period_end"))), "caution")
        for row in waiting_reviews(source)
        if flag_of(row, "has_changed")
    ]
    open_on = [day_of(row, "due_on") for row in as_rows(source.due) if row["state"] == "open"]
    planned = day_of(shown, "next_review_on") or day_of(signed, "next_review_on")
    morning = source.notes.morning
    told = [
        _late(row, source, t, f) for row in sorted(late, key=lambda row: (str(row.get("due_on")), str(row.get("kind"))))
    ]
    if planned and planned < morning:
        by = f.day(planned)
        told.append(
            t("esg.late_of", what=t("esg.next_review_on"), when=t("late_by", n=(morning - planned).days, day=by))
        )
    if told:
        facts.append(Fact(t("esg.late"), t("esg.late_join").join(told), "caution"))
    # a day that has passed is no next one
    ahead = [day for day in (*open_on, planned) if day and day >= morning]
    if ahead:
        facts.append(Fact(t("esg.next_on"), f.day(min(ahead))))
    return tuple(facts)


def _late(row: Row, source: ProjectInput, t: Catalogue, f: Figures) -> str:
    """A row of tasks.esg_due that is overdue: what, of which review, by when, and since how many days."""
    what = t.label("esg_due_kind", text_of(row, "kind"))
    if day_of(row, "period_end"):
        what = t("esg.late_review", what=what, review=due_basis(row, t, f, source.staff))
    when = t("late_by", n=int_of(row, "late_days") or 0, day=f.day(day_of(row, "due_on")))
    return t("esg.late_of", what=what, when=when)


def _change(score: Row, signed: Row, t: Catalogue, f: Figures) -> str:
    now, then = decimal_of(score, "score_evidenced"), decimal_of(signed, "score_evidenced")
    if now is None or then is None:
        return ""
    change = now - then
    return t("esg.score_change", change=f"{'+' if change > 0 else ''}{f.number(change, 1)}")


def _asked(shown: Row, signed: Row) -> str:
    if shown["state"] == "prepared":
        return "approve"
    if shown["state"] == "drafted":
        if text_of(shown, "closed_by"):
            return "changed" if flag_of(signed, "has_changed") else "nothing"
        return "again" if text_of(shown, "returned_by") else "changed" if flag_of(signed, "has_changed") else "prepare"
    return "changed" if flag_of(shown, "has_changed") else "nothing"


def profile_of(source: ProjectInput, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    """What is known of the project itself."""
    review, shown = source.review, review_shown(source)
    exposure = decimal_of(review, "exposure_amt")
    branch_name = text_of(source.branch, "name_en") if source.language == "en" else None
    branch = branch_name or text_of(source.branch, "name") or text_of(review, "branch_id")
    cod = f"{f.day(day_of(review, 'cod_contract'))} / {f.day(day_of(review, 'cod_forecast'))}"
    triggered = [str(row["standard"]) for row in as_rows(source.standards) if row.get("is_triggered") is True]
    sponsors = [
        text_of(row, "name") or str(row["party_id"]) for row in as_rows(source.parties) if row["role"] == "sponsor"
    ]
    country, sector = text_of(review, "country"), text_of(review, "sector_code")
    by, approved = text_of(shown, "prepared_by"), decimal_of(review, "approved_amt")
    values = (
        ("esg.ep_category", _category(review, "ep_category", "category", t)),
        ("esg.cn_class", _category(review, "cn_class", "class", t)),
        ("esg.stage", t.label("stage", text_of(review, "stage"))),
        ("esg.exposure", t("esg.not_stated") if exposure is None else f.money(exposure)),
        ("esg.sector", t.nearest("sector", sector) if sector else t("esg.not_stated")),
        ("esg.country", f.country(country) if country else t("esg.not_stated")),
        ("esg.sponsors", t("list.join").join(sponsors) or t("esg.not_stated")),
        ("esg.standards_triggered", t("list.join").join(sorted(triggered)) or t("esg.standards_lack")),
        ("esg.branch", branch or t("none")),
        ("esg.progress", _progress(review, f)),
        ("esg.approved_on", f.day(day_of(review, "approved_on"))),
        *((("esg.approved_amt", f.money(approved)),) if approved is not None else ()),
        ("esg.cod", cod),
        ("esg.period", f.day(day_of(shown, "period_end"))),
        ("esg.reviewer", source.staff.get(by, by) if by else t("esg.nobody")),
    )
    return tuple(Fact(t(key), value) for key, value in values)


def _progress(review: Row, f: Figures) -> str:
    physical, day = decimal_of(review, "physical_pct"), day_of(review, "progress_date")
    return f.percent(physical) if day is None else f"{f.percent(physical)} ({f.day(day)})"


def _category(review: Row, column: str, family: str, t: Catalogue) -> str:
    code = text_of(review, column)
    return t("esg.category_lacks") if code is None else t.label("esg", f"{family}_{code}")
