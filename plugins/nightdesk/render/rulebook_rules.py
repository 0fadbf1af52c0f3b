"""One indicator as the rule book tells it: what policy says of it, in the words of one language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.missing import table_word
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, day_of, decimal_of, flag_of, int_of, text_of
from nightdesk.render.sentences import SLOT

#: the tables whose rows draw lines: an indicator's changes are those of its rows here
LINES = ("indicator", "indicator_amount", "arrears_colour")
_SIGNS = {"high reached": "≥", "high passed": ">", "low reached": "≤", "low passed": "<"}
#: the order in which bands are told; the finer ones of policy come before them, the gravest first
_BANDS = ("hard", "red", "amber", "blue")


@dataclass(frozen=True)
class Change:
    """A row of policy in time: when it holds, whose it is and why, and what it changed of the row before."""

    table: str
    valid_from: date
    valid_to: date | None
    owner: str
    reason: str
    #: column, value before and after; empty for the first row of its key
    changed: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class RuleBookInput:
    """What the rule book is made of: policy in force on a day, and what is known of each indicator beside it."""

    profile: str
    day: date
    policy_version: str
    base_ccy: str
    #: every policy table's rows in force
    policy: Mapping[str, Sequence[Row]]
    #: by indicator, the rows of LINES in time
    history: Mapping[str, Sequence[Change]]
    #: by indicator, the contract tables it reads, each with the columns that are used
    reads: Mapping[str, Mapping[str, frozenset[str]]]
    #: by indicator, rows of settings that its rule names
    settings: Mapping[str, Sequence[Row]]
    #: evaluation.json of the newest evaluation of this profile; none where there is none
    evaluation: Mapping[str, object] | None = None

    def rows(self, table: str, code: str) -> list[Row]:
        """Rows in force of a table that name an indicator."""
        return [row for row in self.policy.get(table, ()) if row["indicator"] == code]


@dataclass(frozen=True)
class Threshold:
    """One line: of what, where it lies, and since when it holds."""

    label: str
    tone: str
    line: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class Asked:
    """A step of the playbook."""

    band: str
    tone: str
    is_first: bool
    applies_to: str
    role: str
    days: str
    action: str
    evidence: str


@dataclass(frozen=True)
class Rule:
    """All that the rule book says of one indicator, in one language."""

    code: str
    group: str
    name: str
    family: str
    weight: int
    is_unproven: bool
    #: what else has to be known before it is read: never colours, for risk alone, a must, contagion
    marks: tuple[str, ...]
    formula: str
    source: str
    trust: str
    trust_code: str
    sentences: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    facts: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str, str], ...]
    steps: tuple[Asked, ...]
    needs: tuple[str, ...]
    reads: tuple[tuple[str, str, str], ...]
    history: tuple[Change, ...]
    evaluated: Mapping[str, object] | None


class Rules:
    """The indicators of a rule book in one language."""

    def __init__(self, source: RuleBookInput, t: Catalogue) -> None:
        self._source, self._t = source, t
        self._f = Figures(t.language, source.base_ccy)
        self._suffix = "zh" if t.language == "zh_CN" else "en"
        self._setting = {str(row["setting"]): row["value"] for row in source.policy.get("signal_setting", ())}
        self._caps = {str(row["group_code"]): row["cap"] for row in source.policy.get("group_cap", ())}
        self._words = {
            (str(row["part"]), str(row["code"])): self._own(row, "words")
            for row in source.policy.get("playbook_step_text", ())
        }
        told = (source.evaluation or {}).get("indicators")
        self._evaluated = {str(one["code"]): one for one in told} if isinstance(told, list) else {}

    def all(self) -> list[Rule]:
        """Every indicator in force, by its code."""
        return [self.of(row) for row in sorted(self._source.policy["indicator"], key=lambda row: str(row["indicator"]))]

    def of(self, row: Row) -> Rule:
        """One indicator, from its row of policy."""
        t, code = self._t, str(row["indicator"])
        text = next(iter(self._source.rows("indicator_text", code)), {})
        told = next(iter(self._source.rows("indicator_source", code)), {})
        trust = text_of(told, "trust") or "unknown"
        return Rule(
            code=code,
            group=str(row["group_code"]),
            name=self._own(text, "name") or code,
            family=t.label("indicator_family", row["family"]),
            weight=int_of(row, "weight") or 0,
            is_unproven=flag_of(row, "is_unproven"),
            marks=tuple(self._marks(row)),
            formula=self._own(told, "formula") or t("rulebook.no_words"),
            source=self._own(told, "source") or t("rulebook.no_words"),
            trust=t(f"trust.{trust}"),
            trust_code=trust,
            sentences=tuple(self._sentences(code, text)),
            thresholds=tuple(self._thresholds(row)),
            facts=tuple(self._facts(row)),
            settings=tuple(
                (str(one["setting"]), _plain(one["value"]), text_of(one, "reason") or "")
                for one in self._source.settings.get(code, ())
            ),
            steps=tuple(self._steps(code)),
            needs=tuple(self.need(item) for item in (text_of(row, "requires") or "").split(";") if item),
            reads=tuple(
                (table, table_word(table, t), ", ".join(sorted(columns)))
                for table, columns in sorted(self._source.reads.get(code, {}).items())
            ),
            history=tuple(self._source.history.get(code, ())),
            evaluated=self._evaluated.get(code),
        )

    def need(self, item: str) -> str:
        """What cannot be left out, in words: one of several ways, each of tables and columns."""
        ways = item.removesuffix("?").replace("?", "").split("|")
        said = self._t("rulebook.need_or").join(
            self._t("rulebook.need_and").join(table_word(token, self._t) for token in way.split("+")) for way in ways
        )
        return self._t("rulebook.need_some", what=said) if item.endswith("?") else said

    def _own(self, row: Row, name: str) -> str:
        return full_width(text_of(row, f"{name}_{self._suffix}") or "", self._t)

    def _marks(self, row: Row) -> list[str]:
        t = self._t
        said = []
        if not flag_of(row, "counts_for_colour"):
            said.append(t("rulebook.mark_data"))
        if row["audience"] == "risk_only":
            said.append(t("rulebook.mark_risk_only"))
        if must := text_of(row, "must_for"):
            said.append(t(f"rulebook.must_{must}"))
        if flag_of(row, "is_contagion"):
            said.append(t("rulebook.mark_contagion"))
        if colour := text_of(row, "min_colour"):
            said.append(t("rulebook.mark_least", colour=t.label("colour", colour)))
        return said

    def _sentences(self, code: str, text: Row) -> list[str]:
        """The sentences of lists, with a dot for each figure: the usual one first, then those of special cases."""
        rows = [text, *self._source.rows("indicator_reason", code)]
        return [SLOT.sub("…", said) for said in (self._own(row, "reason") for row in rows) if said]

    def _thresholds(self, row: Row) -> list[Threshold]:
        unit, direction = str(row["unit"]), str(row["direction"])
        found = []
        for band in ("amber", "red", "hard"):
            value = decimal_of(row, f"{band}_value")
            if value is not None:
                when = "passed" if band == "hard" else str(row[f"{band}_when"])
                sign = _SIGNS[f"{direction} {when}"]
                tone = "red" if band == "hard" else band
                found.append(self._threshold(self._band(band), tone, f"{sign} {self._measure(value, unit)}", row))
        for one in self._source.settings.get(str(row["indicator"]), ()):
            # what some clients are held to in place of the amber line
            if (name := f"rulebook.amber_{one['setting']}") in self._t.messages:
                line = self._measure(decimal_of(one, "value") or Decimal(0), unit)
                sign = _SIGNS[f"{direction} {row['amber_when']}"]
                found.append(self._threshold(self._t(name), "amber", f"{sign} {line}", one))
        if (second := decimal_of(row, "second_red")) is not None:
            found.append(self._threshold(self._t("rulebook.second_red"), "red", _plain(second), row))
        if (margin := decimal_of(row, "clear_margin")) is not None:
            found.append(self._threshold(self._t("rulebook.clear_margin"), "none", _plain(margin), row))
        for one in self._source.rows("indicator_amount", str(row["indicator"])):
            for band in ("amber", "red"):
                if (amount := decimal_of(one, f"{band}_amt")) is not None:
                    line = f"≥ {one['ccy']} {amount:,f}"
                    found.append(self._threshold(self._t(f"rulebook.amount_{band}"), band, line, one))
        for one in self._source.rows("arrears_colour", str(row["indicator"])):
            colour = str(one["min_colour"])
            least = self._t("rulebook.mark_least", colour=self._t.label("colour", colour))
            value = decimal_of(one, "from_value") or Decimal(0)
            found.append(self._threshold(least, colour, f"≥ {self._measure(value, unit)}", one))
        return found

    def _threshold(self, label: str, tone: str, line: str, row: Row) -> Threshold:
        last = day_of(row, "valid_to")
        first = _since(day_of(row, "valid_from"), self._t)
        return Threshold(label, tone, line, first, last.isoformat() if last else self._t("rulebook.open"))

    def _measure(self, value: Decimal, unit: str) -> str:
        if unit == "pct":
            return f"{_plain(value)}%"
        if unit == "days":
            return self._t("sentence.days", n=_plain(value))
        return self._f.money_in_full(value) if unit == "amt" else _plain(value)

    def _facts(self, row: Row) -> list[tuple[str, str]]:
        """Points, cap, windows: what the score makes of it."""
        t, weight = self._t, Decimal(int_of(row, "weight") or 0)
        worth = Decimal(str(self._setting.get("unproven_points_pct", 100))) / 100 if flag_of(row, "is_unproven") else 1
        amber = Decimal(str(self._setting.get("amber_points_pct", 100))) / 100
        said = []
        if flag_of(row, "counts_for_colour"):
            points = t("rulebook.points_of", red=_plain(weight * worth), amber=_plain(weight * amber * worth))
            cap = t("rulebook.cap_of", cap=_plain(self._caps.get(str(row["group_code"]), 0)))
            said += [(t("rulebook.points"), points), (t("rulebook.cap"), cap)]
        for name in ("window_days", "half_life_days", "min_days"):
            if (days := int_of(row, name)) is not None:
                said.append((t(f"rulebook.{name}"), t("sentence.days", n=days)))
        return said

    def _band(self, band: str) -> str:
        """A band in words; a finer one of policy is a range of days (1-7, over_90), or has words of its own."""
        if f"rulebook.band_{band}" in self._t.messages:
            return self._t(f"rulebook.band_{band}")
        if more := re.fullmatch(r"over_(\d+)", band):
            return self._t("rulebook.over", n=self._t("sentence.days", n=more[1]))
        return self._t("sentence.days", n=band) if band[:1].isdigit() else self._t.label("severity", band)

    def _steps(self, code: str) -> list[Asked]:
        rows = self._source.rows("playbook_step", code)
        ranges = sorted(
            self._source.rows("arrears_colour", code), key=lambda row: -(decimal_of(row, "from_value") or 0)
        )
        tones = {str(row["band"]): str(row["min_colour"]) for row in ranges}
        order = dict.fromkeys([*tones, *_BANDS, *(str(row["band"]) for row in rows)])
        found: list[Asked] = []
        for band in order:
            own = [row for row in rows if row["band"] == band]
            for row in sorted(own, key=lambda row: (str(row["applies_to"]), int_of(row, "step") or 0)):
                found.append(
                    Asked(
                        band=self._band(band),
                        tone=tones.get(band, {"hard": "red"}.get(band, band if band in _BANDS else "none")),
                        is_first=not found or found[-1].band != self._band(band),
                        applies_to=self._t(f"rulebook_applies.{row['applies_to']}"),
                        role=self._t.label("owner_role", row["owner_role"]),
                        days=self._t("rulebook.workdays", n=int_of(row, "due_workdays") or 0),
                        action=self._words.get(("action", str(row["action"])), str(row["action"])),
                        evidence=self._words.get(("evidence", str(row["evidence"])), str(row["evidence"])),
                    )
                )
        return found


def _since(first: date | None, t: Catalogue) -> str:
    return t("rulebook.ever") if first is None or first.year <= 1900 else first.isoformat()


def _plain(value: object) -> str:
    """A number as it is written, without idle zeros."""
    if not isinstance(value, Decimal | int):
        return "" if value is None else str(value)
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
