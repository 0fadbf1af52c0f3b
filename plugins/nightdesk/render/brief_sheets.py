"""The sections of a brief: what is said of a client, as much of it as one sheet of paper holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.brief_source import BriefInput
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.client_page import Points
from nightdesk.render.contact_words import uncounted_words
from nightdesk.render.figures import Figures
from nightdesk.render.masking import client_name
from nightdesk.render.panel import panel_words
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, Table, as_rows, day_of, decimal_of, flag_of, int_of, text_of
from nightdesk.render.sentences import Sentences
from nightdesk.render.task_line import one_a_fact, told_with_words

#: rows of each table that fit on one sheet
_ITEMS, _MEMBERS, _LOANS, _SIGNALS, _DATES, _NEEDS = 4, 4, 4, 4, 5, 3


def words_of(row: Row, t: Catalogue) -> str:
    """A row's own words in the page's language."""
    return full_width(text_of(row, "words_zh" if t.language == "zh_CN" else "words_en") or "", t)


def _table(t: Catalogue, *names: str, numbers: Sequence[str] = ()) -> tuple[tuple[str, bool], ...]:
    return tuple((t(f"brief_column.{name}"), name in numbers) for name in names)


def _said(none: str, rows: Table, rests_on: set[str], source: BriefInput, t: Catalogue, *, left: int = 0) -> str:
    said = panel_words(
        none, is_empty=not as_rows(rows), rests_on=rests_on, notes=source.notes, withheld=source.withheld, t=t
    )
    return " ".join(part for part in (t("brief.more", n=left) if left > 0 else "", said) if part)


def purpose(source: BriefInput, t: Catalogue, f: Figures) -> Sheet:
    """What the visit serves: what is alike of one loan once, with how many it is, by the first of their days."""
    alike: dict[tuple[str, str | None], list[date | None]] = {}
    for row in as_rows(source.items):
        alike.setdefault((str(row["kind"]), text_of(row, "loan_id")), []).append(day_of(row, "due_on"))
    rows = list(alike.items())
    return Sheet(
        title=t("brief.purpose"),
        columns=_table(t, "item", "loan", "due"),
        rows=tuple(
            (
                Cell(_times(t.label("post_loan_kind", kind), len(days), t), is_heading=True),
                Cell(loan or t("none")),
                _due(days[0], source, f),
            )
            for (kind, loan), days in rows[:_ITEMS]
        ),
        said=t("brief.more", n=len(rows) - _ITEMS) if len(rows) > _ITEMS else "" if rows else t("brief.own_visit"),
    )


def _times(name: str, n: int, t: Catalogue) -> str:
    return name if n == 1 else t("brief.times", name=name, n=n)


def _due(day: date | None, source: BriefInput, f: Figures) -> Cell:
    """A day, marked where it has passed."""
    return Cell(f.day(day), Mark(f.day(day), "red") if day is not None and day < source.notes.morning else None)


def questions(source: BriefInput, t: Catalogue) -> Points:
    """What to ask, each with the fact that it rests on."""
    sentences = Sentences(source.language, source.notes.base_ccy)
    ending = "zh" if source.language == "zh_CN" else "en"
    found = []
    for row in sorted(source.questions, key=lambda row: int_of(row, "place") or 0):
        raw = row.get("figures") or {}
        figures = dict(raw) if isinstance(raw, Mapping) else {}
        fact = sentences.fill(str(row[f"fact_{ending}"]), figures)
        found.append(Fact(words_of(row, t), full_width(fact, t)))
    return Points(t("brief.questions"), tuple(found), t("brief.questions_hint"))


def since(source: BriefInput, t: Catalogue, f: Figures) -> Sheet:
    """The last contact and promise, and what has changed since."""
    told, last = source.background, day_of(source.background, "last_on")
    if last is not None:
        outcome = text_of(told, "last_outcome") or t("none")
        channel = t.label("contact_channel", text_of(told, "last_channel"))
        contact = t("brief.last_contact", day=f.day(last), channel=channel, outcome=t.label("contact_outcome", outcome))
        if said := uncounted_words(told, t, f):
            contact += t("brief.and") + said
    else:
        contact = _said(t("brief.no_contact"), (), {"contact"}, source, t)
    facts = [Fact(t("brief.contact"), contact)]
    state = text_of(told, "promise_state")
    due = f.day(day_of(told, "promise_due_on"))
    promise = t(f"brief.promise_{state}", due=due) if state and state != "not_assessed" else ""
    facts.append(Fact(t("brief.promise"), promise or _said(t("brief.no_promise"), (), {"promise"}, source, t)))
    changed = []
    if last is not None:
        fresh = [row for row in as_rows(source.signals) if flag_of(row, "is_since_contact")]
        gone = as_rows(source.cleared)
        if fresh:
            changed.append(t("brief.new_signals", n=len(fresh), which=_indicators(fresh, source, t)))
        if gone:
            changed.append(t("brief.gone_signals", n=len(gone), which=_indicators(gone, source, t)))
        moved = day_of(source.tier, "changed_on")
        if moved and moved > last:
            was = t.label("tier", text_of(source.tier, "changed_from"))
            changed.append(t("brief.tier_moved", day=f.day(moved), was=was))
        turned, before = day_of(source.warning, "colour_since"), text_of(told, "colour_before")
        if turned and turned > last and before:
            changed.append(t("brief.colour_moved", day=f.day(turned), was=t.label("colour", before)))
        facts.append(Fact(t("brief.changed"), t("brief.and").join(changed) or t("brief.unchanged")))
    return Sheet(title=t("brief.since_contact"), facts=tuple(facts))


def _indicators(rows: Sequence[Row], source: BriefInput, t: Catalogue) -> str:
    count = Counter(str(row["indicator"]) for row in rows)
    named = [_indicator(row, source, t, is_twice=count[str(row["indicator"])] > 1) for row in rows[:3]]
    return t("list.join").join(named) + (t("brief.and_so_on") if len(rows) > len(named) else "")


def _indicator(row: Row, source: BriefInput, t: Catalogue, *, is_twice: bool) -> str:
    """An indicator by name; of one that is there twice, or goes on for another loan or project, which one is meant."""
    name = source.notes.indicator(str(row["indicator"]), source.language)
    subject = text_of(row, "loan_id") or text_of(row, "project_id")
    if subject is None or not (is_twice or flag_of(row, "is_elsewhere")):
        return name
    goes_on = flag_of(row, "is_elsewhere")
    return name + t("list.aside", text=t("brief.goes_on", subject=subject) if goes_on else subject)


def signals(source: BriefInput, t: Catalogue, f: Figures) -> Sheet:
    """The gravest signals that a branch may read: of equal ones those that weigh most (arrears before a paper late)."""
    order = {"red": 0, "amber": 1, "blue": 2}

    def gravest(row: Row) -> tuple[bool, int, Decimal, str]:
        weight = decimal_of(row, "weight") or Decimal(0)
        return not flag_of(row, "hard"), order.get(str(row["severity"]), 9), -weight, str(row["indicator"])

    rows = one_a_fact(sorted(as_rows(source.signals), key=gravest))
    reason = "reason_zh" if source.language == "zh_CN" else "reason_en"
    none = t("brief.no_credit") if source.warning.get("colour") == "no_credit" else t("brief.no_signals")
    is_known = source.warning.get("colour") not in (None, "not_assessed")
    return Sheet(
        title=t("brief.signals"),
        columns=_table(t, "severity", "signal", "since"),
        rows=tuple(
            (
                Cell("", Mark(t.label("severity", row["severity"]), str(row["severity"]))),
                Cell(full_width(text_of(row, reason) or "", t) + told_with_words(row, t), is_heading=True),
                Cell(f.day(day_of(row, "opened_on")), is_whole=True),
            )
            for row in rows[:_SIGNALS]
        ),
        said=t("brief.more", n=len(rows) - _SIGNALS)
        if len(rows) > _SIGNALS
        else ""
        if rows
        else none
        if is_known
        else t("brief.not_assessed"),
    )


def loans(source: BriefInput, t: Catalogue, f: Figures) -> Sheet:
    """The largest loans; of a written-off one that it is."""
    rows = sorted(as_rows(source.loans), key=lambda row: (-(decimal_of(row, "ead_amt") or 0), str(row["loan_id"])))
    return Sheet(
        title=t("brief.loans"),
        columns=_table(
            t, "loan", "product", "limit", "outstanding", "rate", "maturity", numbers=("limit", "outstanding", "rate")
        ),
        rows=tuple(
            (
                Cell(str(row["loan_id"]), is_heading=True),
                Cell(t.label("product", text_of(row, "product"))),
                Cell(f.money(decimal_of(row, "limit_amt")), is_number=True),
                Cell(f.money(decimal_of(row, "outstanding_amt")), is_number=True),
                Cell(f.percent(decimal_of(row, "rate_pct"), 2), is_number=True),
                Cell(
                    t.label("loan_status", "written_off")
                    if text_of(row, "status") == "written_off"
                    else f.day(day_of(row, "maturity_date"))
                ),
            )
            for row in rows[:_LOANS]
        ),
        said=_said(t("brief.no_loans"), rows, {"loan"}, source, t, left=len(rows) - _LOANS),
    )


def dates(source: BriefInput, t: Catalogue, f: Figures) -> Sheet:
    """The next dates that the visit does not serve."""
    served = {(row["kind"], text_of(row, "loan_id")) for row in as_rows(source.items)}
    rows = [row for row in as_rows(source.dates) if (row["kind"], text_of(row, "subject")) not in served]
    rows.sort(key=lambda row: (str(row["due_on"]), str(row["kind"]), str(row.get("subject"))))
    return Sheet(
        title=t("brief.dates"),
        columns=_table(t, "due", "item", "loan", "amount", numbers=("amount",)),
        rows=tuple(
            (
                _due(day_of(row, "due_on"), source, f),
                Cell(_date_kind(str(row["kind"]), t), is_heading=True),
                Cell(text_of(row, "subject") or t("none")),
                Cell(f.money(decimal_of(row, "amount_amt")), is_number=True),
            )
            for row in rows[:_DATES]
        ),
        said=_said(t("brief.no_dates"), rows, {"instalment", "report_due"}, source, t, left=len(rows) - _DATES),
    )


def _date_kind(kind: str, t: Catalogue) -> str:
    words = (t.label("brief_date", kind), t.label("post_loan_kind", kind), t.label("report_due", kind))
    return next((word for word in words if word != kind), kind)


def needs(source: BriefInput, t: Catalogue, f: Figures) -> Sheet:
    """Open needs and what was offered."""
    found = [
        (day_of(row, "raised_on"), t("brief.need"), t.label("need", row["kind"]), decimal_of(row, "amount"))
        for row in as_rows(source.needs)
    ]
    found += [
        (day_of(row, "offered_on"), t("brief.offer"), t.label("product", row["product"]), None)
        for row in as_rows(source.offers)
    ]
    found.sort(key=lambda row: (str(row[0]), row[1], row[2]))
    return Sheet(
        title=t("brief.needs"),
        columns=_table(t, "day", "what", "of", "amount", numbers=("amount",)),
        rows=tuple(
            (Cell(f.day(day)), Cell(what), Cell(of, is_heading=True), Cell(f.money(amount), is_number=True))
            for day, what, of, amount in found[:_NEEDS]
        ),
        said=_said(
            t("brief.no_needs"), source.needs or source.offers, {"need", "offer"}, source, t, left=len(found) - _NEEDS
        ),
    )


def members(source: BriefInput, t: Catalogue, f: Figures) -> Sheet:
    """The clients of its group that are the branch's own, and how many are others'; none where it stands alone."""
    rows, branch = as_rows(source.members), text_of(source.client, "branch_id")
    own = [row for row in rows if text_of(row, "branch_id") == branch]
    carrier = text_of(source.tier, "carrier_client_id")
    shown = [
        (
            Cell(f"{client_name(row, full=False)} {row['client_id']}", is_heading=True),
            Cell(t("brief.leads") if row["client_id"] == carrier else t.label("client_kind", row.get("client_kind"))),
            Cell(f.money(decimal_of(row, "exposure_amt")), is_number=True),
        )
        for row in own[:_MEMBERS]
    ]
    if elsewhere := len(rows) - len(own):
        others = Cell(t("brief.elsewhere", n=elsewhere), is_heading=True)
        shown.append((others, Cell(t("none")), Cell(t("none"), is_number=True)))
    left = len(own) - _MEMBERS
    return Sheet(
        title=t("brief.group"),
        hint=text_of(source.tier, "sponsor_group_id") or "",
        columns=_table(t, "member", "part", "exposure", numbers=("exposure",)),
        rows=tuple(shown) if len(rows) > 1 else (),
        said=t("brief.alone") if len(rows) < 2 else t("brief.more", n=left) if left > 0 else "",
    )
