"""The gate sheet of an announced draw: each check with its value, its limit, its rule and what it rests on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.client_page import ClientPage
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.masking import client_name
from nightdesk.render.missing import table_word
from nightdesk.render.night_facts import flags_of
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, text_of

#: what stops a draw comes first
_ORDER = ("fail", "not_assessed", "waived", "pass")
#: a key of evidence: the table, and its row
_KEY = re.compile(r"\b([a-z_]+):([^\s;,]+)")
#: what stands among the keys of evidence and is a day: since when what was prepared waits for its approval
_WAITS = "waits_since"
#: what stands among them and is a code with words of its own: who the payee is, what a review lacks, how a loan ended
_PAYEE, _REVIEW, _LOAN = "payee_is", "review_is", "loan_is"
_TONES = {"fail": "red", "not_assessed": "not_assessed", "waived": "amber", "pass": "green"}


@dataclass(frozen=True)
class GateInput:
    """One announced draw: its rows of care.draw_gate, its client and branch, and by item `unit`, `bound`,
    `basis`, `rule_zh` and `rule_en` of policy; `request` is its row of the source."""

    business_date: date
    revision: int
    language: Language
    notes: Notes
    items: Sequence[Row]
    client: Row = field(default_factory=dict)
    request: Row = field(default_factory=dict)
    rules: Mapping[str, Row] = field(default_factory=dict)


def gate_page(source: GateInput) -> ClientPage:
    """The view of one sheet. Raises ValueError without an item: a draw that nobody judged has no sheet."""
    if not source.items:
        raise ValueError("a draw without an item of its gate")
    t, f = catalogue(source.language), Figures(source.language, source.notes.base_ccy)
    rows = sorted(as_rows(source.items), key=lambda row: (_ORDER.index(str(row["verdict"])), str(row["item"])))
    count = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in _ORDER}
    worst = "fail" if count["fail"] else "not_assessed" if count["not_assessed"] else "pass"
    name = "item_zh" if source.language == "zh_CN" else "item_en"
    first = rows[0]
    return ClientPage(
        language=source.language,
        title=t("gate_sheet.title"),
        name=client_name(source.client, full=False) or str(first["client_id"]),
        id=f"{first['client_id']} · {first['loan_id']}",
        business_date=f.day(source.business_date),
        when=f.long_day(source.notes.morning),
        subtitle=t("gate_sheet.subtitle", request=first["request_id"], day=f.short_day(day_of(first, "wanted_on"))),
        flags=flags_of(source.notes, t, restated=source.revision > 1),
        verdict=Mark(t(f"gate_sheet.verdict_{worst}"), _TONES[worst]),
        verdict_label=t("gate_sheet.verdict"),
        issues=tuple(
            f"{row[name]}{t('list.colon')}{t.label('gate_verdict', row['verdict'])}{_why(row, t)}"
            for row in rows
            if row["verdict"] in ("fail", "not_assessed")
        ),
        profile=(
            Fact(t("gate_sheet.amount"), f.money(decimal_of(first, "amount_amt"))),
            Fact(t("gate_sheet.wanted_on"), f.day(day_of(first, "wanted_on"))),
            Fact(t("gate_sheet.first_seen"), _first_seen(first, t, f)),
            Fact(t("gate_sheet.payee"), text_of(source.request, "payee_id") or t("gate_sheet.no_payee")),
            Fact(t("gate_sheet.purpose"), text_of(source.request, "purpose") or t("none")),
        ),
        sheets=(_items(rows, name, source, t, f), _signatures(t)),
        footer=(
            t("brief.footer", night=f.day(source.business_date), revision=t("revision", n=source.revision)),
            t("gate_sheet.footer", **{key: count[key] for key in _ORDER}),
            t("gate_sheet.first_seen_note"),
        ),
    )


def _why(row: Row, t: Catalogue) -> str:
    """What the evidence says in words of its own: codes, and since when a review waits."""
    keys = (text_of(row, "evidence") or "").split(";")
    said = [key for key in keys if key.partition(":")[0] in (_PAYEE, _REVIEW, _LOAN, _WAITS)]
    return t("list.aside", text=gate_evidence(";".join(said), t)) if said else ""


def _first_seen(row: Row, t: Catalogue, f: Figures) -> str:
    """Since which night the request is known; nights published by an older version do not say."""
    seen = day_of(row, "first_seen")
    return t("gate_sheet.first_seen_on", day=f.day(seen)) if seen else t("none")


def _items(rows: Sequence[Row], name: str, source: GateInput, t: Catalogue, f: Figures) -> Sheet:
    ending = "rule_zh" if source.language == "zh_CN" else "rule_en"

    def cells(row: Row) -> tuple[Cell, ...]:
        rule = source.rules.get(str(row["item"]), {})
        unit = text_of(rule, "unit")
        waiver = text_of(row, "waived_by")
        end = f.day(day_of(row, "waived_until"))
        waived = t("gate_sheet.waived", by=waiver, until=end) if waiver and row["verdict"] == "waived" else ""
        return (
            Cell("", Mark(t.label("gate_verdict", row["verdict"]), _TONES[str(row["verdict"])])),
            Cell(str(row[name]), is_heading=True),
            Cell(t.label("gate_basis", text_of(rule, "basis"))),
            Cell(gate_figure(decimal_of(row, "value"), unit, t, f), is_number=True),
            Cell(gate_limit(decimal_of(row, "limit_value"), rule, t, f), is_number=True),
            Cell(" ".join(part for part in (text_of(rule, ending) or "", waived) if part)),
            Cell(gate_evidence(text_of(row, "evidence"), t, source.notes)),
        )

    names = ("verdict", "item", "basis", "value", "limit", "rule", "evidence")
    return Sheet(
        title=t("gate_sheet.items"),
        columns=tuple((t(f"gate_column.{one}"), one in ("value", "limit")) for one in names),
        rows=tuple(cells(row) for row in rows),
    )


def gate_figure(value: Decimal | None, unit: str | None, t: Catalogue, f: Figures) -> str:
    """A value or limit of an item with its unit, amounts to the cent; a dash where it is not known."""
    if value is None or not unit:
        return f.trimmed(value, 2)
    shown = f.number(value, 2) if unit == "amt" else f.trimmed(value, 2)
    return t(f"gate_unit.{unit}", n=shown, ccy=f.base_ccy)


def gate_limit(limit: Decimal | None, rule: Row, t: Catalogue, f: Figures) -> str:
    """A limit with how a value has to lie to it (policy's `bound`: most, least, or from which on the item applies); an
    item without one is held to its rule alone."""
    bound = text_of(rule, "bound")
    if not bound:
        return t("gate_limit.none")
    shown = gate_figure(limit, text_of(rule, "unit"), t, f)
    return shown if limit is None else t(f"gate_limit.{bound}", n=shown)


def gate_evidence(keys: str | None, t: Catalogue, notes: Notes | None = None) -> str:
    """The rows that an item rests on: their table in words, and their key; a signal by its name where `notes` know."""
    if not keys:
        return t("none")

    def named(found: re.Match[str]) -> str:
        if found[1] == "indicator":
            return notes.indicator(found[2], t.language) if notes else found[2]
        if found[1] == _WAITS:
            return t("gate_sheet.waits_since", day=found[2])
        if found[1] == _PAYEE:
            return t.label("gate_payee", found[2])
        if found[1] == _REVIEW:
            return t.label("gate_review", found[2])
        if found[1] == _LOAN:
            return t.label("gate_loan", found[2])
        return f"{table_word(found[1], t)} {found[2].replace('|', ' ')}"

    return _KEY.sub(named, keys).replace(";", t("list.join"))


def _signatures(t: Catalogue) -> Sheet:
    blank = "＿＿＿＿＿＿＿＿" if t.language == "zh_CN" else "________________"
    names = ("prepared", "checked", "decided")
    return Sheet(
        title=t("gate_sheet.signatures"),
        hint=t("gate_sheet.signatures_hint"),
        facts=tuple(Fact(t(f"gate_sheet.{name}"), blank) for name in names),
    )
