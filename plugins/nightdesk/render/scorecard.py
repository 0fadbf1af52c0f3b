"""A person's scorecard, and those of a branch side by side, as pages of the book: every figure with its rows and the
arithmetic that leads from them to it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from nightdesk.render.book import BookInput
from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.people import named_client, named_staff
from nightdesk.render.people_tables import BRANCH_SCORECARDS, scorecard_sections
from nightdesk.render.punctuation import full_width
from nightdesk.render.scorecard_input import Rows, Scorecards
from nightdesk.render.sentences import Sentences

#: a list is printed whole: who adds it up has to have every row
_EVERY_ROW = 1_000_000
#: which family of words the subject of a measure's rows is of; others are shown as they are
_SUBJECTS = {"timeliness_pct": "kind", "post_loan_pct": "post_loan_kind", "risk_outcome": "scorecard_risk"}


def scorecard_page(
    cards: Scorecards,
    staff_id: str,
    language: Language,
    notes: Notes,
    when: date,
    *,
    revision: int = 1,
    changes: Rows = (),
) -> BookInput:
    """One person's page. `revision` counts the issues of the quarter; `changes` are those since the one before."""
    t, f = catalogue(language), Figures(language, notes.base_ccy)
    (total,) = _own(cards.totals, staff_id)
    measures = sorted(_own(cards.measures, staff_id), key=lambda row: row["place"])
    words = _Words(cards, language, notes.base_ccy)
    rows = {
        "people.scorecard_measure": [
            {**row, "measure_name": words.measure(row["measure"]), "leads_to": f"scorecard_{row['measure']}"}
            for row in measures
        ],
        "people.scorecard_reckoned": [words.reckoned(row, cards.settings, t, f) for row in measures],
        "people.scorecard_check": [
            {**row, "check_name": words.check(row["game_check"])} for row in _own(cards.checks, staff_id)
        ],
        "people.scorecard_mark": [
            {**words.about(row, t), "check_name": words.check(row["game_check"])} for row in _own(cards.marks, staff_id)
        ],
        "people.scorecard_training": [
            {**row, "course": words.course(row["course"]), "kind_name": t.label("kind", row["kind"])}
            for row in _own(cards.suggested, staff_id)
        ],
        "people.scorecard_change": [
            {**row, "measure_name": words.measure(row["measure"])} for row in _own(changes, staff_id)
        ],
    }
    items = _own(cards.items, staff_id)
    for row in measures:
        code = row["measure"]
        rows[f"people.scorecard_{code}"] = [words.about(item, t) for item in items if item["measure"] == code]
    return BookInput(
        kind="scorecard",
        business_date=when,
        revision=revision,
        restated=revision > 1,
        language=language,
        notes=notes,
        sections=scorecard_sections({row["measure"]: row["aggregate"] for row in measures}, is_revised=bool(changes)),
        rows=rows,
        headline=_headline(total, cards, t, f),
        titles={f"scorecard_{row['measure']}": words.measure(row["measure"]) for row in measures},
        shown=_EVERY_ROW,
    )


def branch_page(
    cards: Scorecards, branch_id: str, language: Language, notes: Notes, when: date, *, revision: int = 1
) -> BookInput:
    """The scorecards of one branch's people, and of nobody else."""
    words, t, f = _Words(cards, language, notes.base_ccy), catalogue(language), Figures(language, notes.base_ccy)
    ours = [row for row in cards.totals if row["branch_id"] == branch_id]
    names = {row["staff_id"]: named_staff(row["staff_id"], cards.staff) for row in ours}
    rows = {
        "people.scorecard_person": [{**row, "staff": names[row["staff_id"]]} for row in ours],
        "people.scorecard_score": [
            {**row, "staff": names[row["staff_id"]], "measure_name": words.measure(row["measure"])}
            for row in cards.measures
            if row["staff_id"] in names
        ],
    }
    return BookInput(
        kind="scorecard_branch",
        business_date=when,
        revision=revision,
        restated=revision > 1,
        language=language,
        notes=notes,
        sections=BRANCH_SCORECARDS,
        rows=rows,
        headline=_of_quarter(cards, t, f),
        shown=_EVERY_ROW,
    )


def _own(rows: Rows, staff_id: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["staff_id"] == staff_id]


def _of_quarter(cards: Scorecards, t: Catalogue, f: Figures) -> dict[str, object]:
    quarter = cards.quarter
    days = (quarter.last_day - quarter.first_day).days + 1
    return {
        "quarter": t("scorecard.quarter", quarter=quarter.name, first=quarter.first_day, last=quarter.last_day),
        "nights": t("scorecard.nights", n=f.count(cards.nights), days=days),
    }


def _headline(total: Mapping[str, Any], cards: Scorecards, t: Catalogue, f: Figures) -> dict[str, object]:
    gate = t.label("scorecard_gate", total["gate"])
    if total["gate_reason"]:
        gate = t("scorecard.because", said=gate, why=t.label("scorecard_gate_reason", total["gate_reason"]))
    reckoned = t("scorecard.total", points=f.number(total["points"], 2), weight=total["assessed_weight"])
    return {
        "person": str(named_staff(total["staff_id"], cards.staff)),
        "branch_id": str(total["branch_id"]),
        **_of_quarter(cards, t, f),
        "total": t("scorecard.too_little", weight=total["assessed_weight"])
        if total["total"] is None
        else t("scorecard.of_total", total=f.number(total["total"], 2), reckoned=reckoned),
        "gate": gate,
        "clients_owned": t("scorecard.owned", n=total["clients_owned"], days=f.count(total["days_owned"])),
    }


class _Words:
    """Policy's names in one language, and a measure's arithmetic with its figures."""

    def __init__(self, cards: Scorecards, language: Language, base_ccy: str) -> None:
        self._cards, self._language = cards, language
        self._suffix = "zh" if language == "zh_CN" else "en"
        self._sentences = Sentences(language, base_ccy)

    def measure(self, code: str) -> str:
        return self._cards.texts.get(code, {}).get(f"name_{self._suffix}", code)

    def check(self, code: str) -> str:
        return self._cards.check_texts.get(code, {}).get(self._language, code)

    def course(self, code: str) -> str:
        return self._cards.courses.get(code, {}).get(self._language, code)

    def about(self, row: Mapping[str, Any], t: Catalogue) -> dict[str, Any]:
        """A row with its client and subject in words."""
        family = _SUBJECTS.get(str(row.get("measure")))
        subject = row["subject"]
        if family is not None and subject is not None:
            subject = t.label(family, subject)
        elif row.get("measure") == "compliance":
            subject = (
                self.course(str(subject)) if subject in self._cards.courses else t.label("decision_subject", subject)
            )
        client = named_client(row["client_id"], self._cards.clients, self._cards.staff)
        return {**row, "client": client, "subject": subject}

    def reckoned(self, row: Mapping[str, Any], settings: Mapping[str, str], t: Catalogue, f: Figures) -> dict[str, Any]:
        """A measure's formula, and the same with the sums of its rows."""
        text = self._cards.texts[row["measure"]][f"formula_{self._suffix}"]
        formula = full_width(self._sentences.fill(text, settings), t)
        found = {"place": row["place"], "measure_name": self.measure(row["measure"]), "formula": formula}
        if row["actual"] is None or row["score"] is None:
            return {**found, "reckoned": None, "score_reckoned": t.label("scorecard_why", row["not_assessed"])}
        return {
            **found,
            "reckoned": _arithmetic(row, Decimal(settings["shrink_answers"]), f),
            "score_reckoned": t(
                "scorecard.score",
                actual=f.number(row["actual"], 2),
                target=f.number(row["target"], 2),
                score=f.number(row["score"], 2),
                weight=row["weight"],
                points=f.number(row["points"], 2),
                most=f.trimmed(Decimal(settings["most_score"])),
            ),
        }


def _arithmetic(row: Mapping[str, Any], shrink: Decimal, f: Figures) -> str:
    """The sums of the rows put into the formula, without words."""
    counted, out_of, actual = (f.trimmed(row[name], 2) for name in ("counted", "out_of", "actual"))
    if row["aggregate"] == "ratio":
        return f"{counted} ÷ {out_of} × 100 = {actual}"
    if row["aggregate"] == "shrunk_mean":
        m, prior = f.trimmed(shrink), f.trimmed(row["prior"], 2)
        return f"({counted} + {m} × {prior}) ÷ ({row['n']} + {m}) = {actual}"
    if row["aggregate"] == "deduction":
        return f"100 − {counted} = {actual}"
    return f"Σ = {f.number(row['counted'], 2)}" if row["aggregate"] == "sum" else f"{counted} → {actual}"
