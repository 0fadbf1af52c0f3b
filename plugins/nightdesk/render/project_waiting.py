"""Reviews of a project that wait for their approval, whichever period the page is of: what is to be approved, and what
has changed since it was prepared."""

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.project_facts import FactWords
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.project_signing import changes_of_review, changes_sheet, last_signed, review_shown, still, who
from nightdesk.render.rows import Row, as_rows, day_of, text_of


def waiting_reviews(source: ProjectInput) -> list[Row]:
    """The prepared reviews that nobody has approved or sent back, the oldest first."""
    rows = [row for row in as_rows(source.reviews) if row["state"] == "prepared"]
    return sorted(rows, key=lambda row: str(row["period_end"]))


def waiting_sheets(source: ProjectInput, words: FactWords, t: Catalogue, f: Figures) -> tuple[Sheet, ...]:
    """A sheet for each: verdict, judgement, conditions and what has changed since; not of the one that the page is of
    where the page compares it itself."""
    shown, found = review_shown(source).get("period_end"), []
    for row in waiting_reviews(source):
        is_shown = row["period_end"] == shown
        if not is_shown or last_signed(source) or str(shown) not in source.kept_facts:
            found.append(_sheet(row, source, words, t, f, is_shown=is_shown))
    return tuple(found)


def _sheet(row: Row, source: ProjectInput, words: FactWords, t: Catalogue, f: Figures, *, is_shown: bool) -> Sheet:
    period = f.day(day_of(row, "period_end"))
    facts = [] if is_shown else list(_proposed(row, source, t, f))
    written = None if is_shown else text_of(row, "judgement")
    changes = changes_of_review(row, source, words)
    later = [] if changes is not None else _later(row, source)
    if later:
        facts.append(Fact(t("esg.since_prepared"), t("esg.facts_later", n=len(later)), "caution"))
    else:
        facts.append(still(changes, row, t))
    # one that keeps its facts is held against tonight's; of another only what has a day of its own is known
    table = changes_sheet(changes or (), row, t, f) if changes is not None else _later_sheet(later, words, t, f)
    return Sheet(
        title=t("esg.waiting", day=period),
        facts=tuple(facts),
        words=(Fact(t("esg.judgement"), written),) if written else (),
        columns=table.columns,
        rows=table.rows,
    )


def _proposed(row: Row, source: ProjectInput, t: Catalogue, f: Figures) -> list[Fact]:
    """What the preparer asks to be approved."""
    verdict = text_of(row, "verdict")
    facts = [
        Fact(t("esg.decision"), t(f"review_verdict.{verdict}") if verdict else t("none")),
        Fact(t("esg.prepared"), who(row, "prepared", source, t, f)),
    ]
    for key in ("esg.next_review_on", "esg.site_visit_on", "esg.consultant_on"):
        if (day := day_of(row, key.removeprefix("esg."))) is not None:
            facts.append(Fact(t(key), f.day(day)))
    own = [one for one in as_rows(source.conditions) if one.get("period_end") == row["period_end"]]
    for one in sorted(own, key=lambda one: (str(one.get("due_on")), str(one.get("condition_id")))):
        notes = [t("esg.condition_due", day=f.day(day_of(one, "due_on")))] if one.get("due_on") else []
        notes += [t("esg.before_draw")] if one.get("is_before_draw") is True else []
        facts.append(Fact(t("esg.condition"), " · ".join([text_of(one, "condition") or t("none"), *notes])))
    return facts if own else [*facts, Fact(t("esg.conditions"), t("esg.conditions_empty"))]


def _later(row: Row, source: ProjectInput) -> list[Row]:
    rows = [one for one in as_rows(source.later_facts) if one["period_end"] == row["period_end"]]
    tones = ("red", "amber")
    return sorted(rows, key=lambda one: (one["tone"] not in tones, one["tone"] != "red", str(one["fact"])))


def _later_sheet(rows: list[Row], words: FactWords, t: Catalogue, f: Figures) -> Sheet:
    return Sheet(
        title="",
        columns=tuple((t(f"esg_column.{name}"), False) for name in ("state", "fact", "became_on", "now")),
        rows=tuple(
            (
                Cell("", Mark(t.label("fact_tone", row["tone"]), str(row["tone"]))),
                Cell(words.what(row), is_heading=True),
                Cell(f.day(day_of(row, "since_on")), is_whole=True),
                Cell(words.value(row)),
            )
            for row in rows
        ),
    )
