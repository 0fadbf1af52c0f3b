"""nightdesk explain: tier and colour of one client, with every input behind them."""

from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.cells import cell_len

from nightdesk.bank_time import bank_time
from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    results,
    say_json,
)
from nightdesk.released import Overridden, Release
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.render.catalogue import Catalogue

_KEYS_SHOWN = 20
#: of a policy row, what says who owns it: --json has it
_TRAILER = ("valid_from", "valid_to", "owner", "reason")
#: columns of codes, and the family of the catalogue in which each has its word
_CODES = {
    **dict.fromkeys(("tier", "qualified_tier", "previous_tier", "changed_from", "machine_tier"), "tier"),
    **dict.fromkeys(("cause", "changed_cause"), "cause"),
    **{name: name for name in ("tier_basis", "control_issue", "potential_reason", "lever")},
    "asset_class": "floor_class",
}


def explain(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    date: DateOption,
    revision: Annotated[int | None, typer.Option("--revision", help="A revision other than the standing one.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Say why: inputs, thresholds, windows, data dates, policy version and source row keys."""
    from nightdesk.reading.explaining import explain as explain_client

    found = explain_client(get_settings(), client, day(date), profile=profile, revision=revision)
    if as_json:
        say_json(found)
    else:
        _print(found, lang)


def _print(found: dict[str, Any], lang: Lang) -> None:
    from nightdesk.render.catalogue import catalogue

    page = _Page(catalogue(lang.value), lang, found["base_ccy"])
    page.head(found)
    page.colour(found["warning"], found["deciding"], found["floor_rule"])
    page.standing(found["warning"], found["score_path"])
    page.indicators(found["indicators"])
    page.observations(found["observations"])
    page.sureties(found["features"]["guarantee_circle"])
    page.tier(found)
    classes = {row["loan_id"]: row for row in found["loan_classes"]}
    loans = {row["loan_id"]: row for row in found["loans"]}
    for loan_id in sorted({*classes, *loans}):
        page.loan(loan_id, loans.get(loan_id, {}), classes.get(loan_id))
    page.source_rows(found["source_rows"])
    page.gaps(found["withheld"], found["basis"])


class _Page:
    """What a person reads: what decided first, one fact a line, nothing cut."""

    def __init__(self, t: "Catalogue", lang: Lang, base_ccy: str) -> None:
        from nightdesk.render.figures import Figures

        self.t = t
        self._f = Figures(t.language, base_ccy)
        self._reason = "reason_zh" if lang is Lang.zh_CN else "reason_en"
        self._name = "name_zh" if lang is Lang.zh_CN else "name_en"

    def head(self, found: dict[str, Any]) -> None:
        """Which client, night, revision and policy, and who released the night."""
        from nightdesk.render.missing import release_words

        self._line(
            f"{found['client_id']}  {found['business_date']}  {self.t('revision', n=found['revision'])}  "
            f"{self.t('note.policy')} {found['policy_version']}  {self.t('cli.explain.cutoff')} "
            f"{bank_time(found['cutoff_at'], ZoneInfo(found['timezone']))}  {found['base_ccy']}"
        )
        if release := found["release"]:
            self._line(f"{self.t('flag.released')}{self.t('list.colon')}{release_words(_release(release), self.t)}")

    def section(self, title: str) -> None:
        """A heading."""
        results.print()
        results.print(title, style="bold", markup=False)

    def colour(self, row: dict[str, Any], deciding: list[dict[str, Any]], floor_rule: dict[str, Any] | None) -> None:
        """The colour, what it was summed from, and the rules that reach it."""
        from nightdesk.render.standing_words import rule_sentences

        t = self.t
        self.section(f"{t('cli.explain.colour')}: {t.label('colour', row['colour'])}")
        floor = t.label("floor_class", row["floor_class"])
        told = self._floor(row, floor_rule)
        reason = f" ({told})" if told else ""
        self._line(
            f"  {t('cli.explain.score')} {_cell(row['score'])}  "
            f"{t('cli.explain.coverage')} {row['assessed_count']}/{row['applicable_count']}  "
            f"{t('cli.explain.floor')} {floor}{reason}  {t('cli.explain.since')} {_cell(row['colour_since'])}"
        )
        self.section(t("cli.explain.decided"))
        for said in rule_sentences(deciding, t, self._f, told):
            self._line(f"  {said}")
        if not deciding:
            name = row["colour"] if row["colour"] in ("green", "no_credit") else "not_assessed"
            self._line(f"  {t(f'cli.explain.undecided.{name}')}")

    def standing(self, row: dict[str, Any], path: list[dict[str, Any]]) -> None:
        """Where the client stands: among its peers, against itself, and on the way of twelve months."""
        from nightdesk.render.standing_words import comparison_lines, path_words, standing_words

        t = self.t
        said = standing_words(row, t)
        self.section(f"{t('standing.title')}{t('list.colon')}{said}" if said else t("standing.title"))
        for line in comparison_lines(row, t, self._f):
            self._line(f"  {line}")
        self._line(f"  {t('standing.path', path=path_words(path, t, self._f))}")

    def loan(self, loan_id: str, row: dict[str, Any], classes: dict[str, Any] | None) -> None:
        """A loan: its three classes with their rules, the cheapest cure, and its figures."""
        t = self.t
        self.section(f"{t('cli.explain.loan')} {loan_id}")
        if classes:
            floor, ahead = self._rule(classes["floor_words"]), self._rule(classes["forecast_words"])
            said = [
                f"{t.label('field', 'booked_class')} {t.label('floor_class', classes['booked_class'])}",
                f"{t('cli.explain.floor')} {self._class(classes['floor_class'], floor or classes['floor_rule'])}",
                f"{classes['forecast_on']} {self._class(classes['forecast_class'], ahead)}",
            ]
            self._line(f"  {'  '.join(said)}")
            if classes["cure_amt"] is not None:
                cured = t.label("floor_class", classes["cured_class"])
                last = classes["last_due_on"]
                of = t("cli.explain.cure_own", last=last) if last else t("cli.explain.cure_other")
                values = {"amount": _cell(classes["cure_amt"]), "by": classes["cure_by"], "cured": cured, "of": of}
                self._line(f"  {t('cli.explain.cure', **values)}")
        self.figures({name: value for name, value in row.items() if name not in ("loan_id", "client_id", "branch_id")})

    def _class(self, code: str, why: str | None) -> str:
        """A class with its reason; of what is not assessed the reason stays as the export has it."""
        word = self.t.label("colour" if code == "not_assessed" else "floor_class", code)
        return f"{word} ({why})" if why else word

    def _floor(self, row: dict[str, Any], rule: dict[str, Any] | None) -> str:
        """Why the five-class floor is what it is, in words; empty where it is normal."""
        if rule is None:
            return self.t.label("colour", row["floor_reason"]) if row["floor_reason"] else ""
        return self._rule(rule)

    def _rule(self, rule: dict[str, Any] | None) -> str:
        """A rule of the five classes in words; empty where there is none."""
        from nightdesk.render.sentences import Sentences

        if rule is None:
            return ""
        passed = None if rule["passed_value"] is None else str(rule["passed_value"])
        return Sentences(self.t.language, self._f.base_ccy).fill(rule[self._name], {"passed": passed})

    def indicators(self, rows: list[dict[str, Any]]) -> None:
        """Those that fired, the worst first; then those that did not; then those that could not be assessed."""
        fired = [row for row in rows if row["severity"]]
        fired.sort(key=lambda row: (not row["is_hard"], row["severity"] != "red", row["indicator"]))
        groups = {
            "fired": fired,
            "quiet": [row for row in rows if row["is_assessed"] and not row["severity"]],
            "not_assessed": [row for row in rows if not row["is_assessed"]],
        }
        for group, members in groups.items():
            if members:
                self.section(f"{self.t(f'cli.explain.{group}')} ({len(members)})")
            for row in members:
                self._indicator(row)
        if not fired:
            self._line(self.t("cli.explain.fired_none"))

    def _indicator(self, row: dict[str, Any]) -> None:
        t = self.t
        on = " ".join(row[name] for name in ("loan_id", "project_id") if row[name])
        mark = f"  [{t.label('severity', row['severity'])}]" if row["severity"] else ""
        change = f"  {t.label('change', row['change'])}" if row["change"] else ""
        unproven = f"  ({t('unproven.mark')})" if row["is_unproven"] else ""
        self._line(f"  {row['indicator']} {row.get(self._name) or ''}{unproven}{mark}{change}  {on}".rstrip())
        lines = "/".join(_cell(row.get(name)) for name in ("amber_value", "red_value", "hard_value"))
        facts = {
            "value": f"{_cell(row['value'])} {row.get('unit') or ''}".strip(),
            "threshold": row["threshold"],
            "lines": lines if lines != "–/–/–" else None,
            "baseline": row["baseline"],
            "window_days": row.get("window_days"),
            "data_date": row["data_date"],
            "first_seen": row["first_seen"],
            "group": t.label("indicator_group", row["group_code"]),
            "family": t.label("indicator_family", row["family"]),
            "weight": row.get("weight"),
            "points": row["points"],
            "fired_by": self._comparison(row["rule"]),
            "clears": self._comparison(row["clears"]),
            "source_keys": row["source_keys"],
        }
        shown = [f"{t(f'cli.explain.{name}')} {_cell(value)}" for name, value in facts.items() if value is not None]
        self._line(f"      {'  '.join(shown)}")
        if row[self._reason]:
            self._line(f"      {row[self._reason]}")

    def observations(self, rows: list[dict[str, Any]]) -> None:
        """What people observed, with their own words: who explains a client may read them, no list has them."""
        t = self.t
        if rows:
            self.section(t("cli.explain.observations"))
        for row in rows:
            values = {
                "day": row["observed_on"],
                "name": row[self._name],
                "severity": t.label("severity", row["counted_severity"]),
                "until": row["stands_until"],
                "by": row["staff_id"],
                "checker": _cell(row["checker_id"]),
            }
            over = "" if row["is_standing"] else f"  {t('cli.explain.observed_over')}"
            self._line(f"  {t('cli.explain.observed', **values)}{over}")
            if row["note"]:
                self._line(f"      {row['note']}")

    def _comparison(self, said: str | None) -> str | None:
        """A comparison with its line in words of the page; None for a special case, which its sentence tells."""
        left, _, right = (said or "").partition(" ")
        return f"{self.t('cli.explain.value')} {right}" if left == "value" else None

    def tier(self, found: dict[str, Any]) -> None:
        """The tier, the figures it was computed from, and the policy rows that judged them."""
        t, row = self.t, found["tier"]
        if not row:
            self.section(t("cli.explain.no_tier"))
            return
        self.section(f"{t('cli.explain.tier')}: {t.label('tier', row['tier'])} ({t.label('cause', row['cause'])})")
        self.figures({name: value for name, value in row.items() if name not in ("client_id", "branch_id", "tier")})
        for step in found["tier_path"]:
            self._path(step)
        for title in ("tier_inputs", "potential", "rfm"):
            for inputs in found[title]:
                self.section(t(f"cli.explain.{title}"))
                self.figures({name: value for name, value in inputs.items() if name != "client_id"})
        self.section(t("cli.explain.tier_policy"))
        for rows in found["tier_policy"].values():
            for rule in rows:
                kept = {key: value for key, value in rule.items() if key not in _TRAILER and value is not None}
                said = (f"{t.label('field', key)} {self._value(key, value)}" for key, value in kept.items())
                self._line(f"  {'  '.join(said)}")

    def _path(self, row: dict[str, Any]) -> None:
        """What lifts the client into the next tier by itself, or why nothing does."""
        t = self.t
        self.section(t("cli.explain.tier_path"))
        figures = {
            "target": t.label("tier", row["target_tier"]),
            "lever": t.label("lever", row["lever"]),
            "amount": _cell(row["lever_amt"]),
            "count": _cell(row["lever_count"]),
            "now": _cell(row["now_amt"]),
            "date": _cell(row["by_on"]),
            "evaluated": _cell(row["evaluated_on"]),
            "reason": t.label("path_reason", row["reason"]),
        }
        way = "none" if row["lever"] is None else "count" if row["lever_amt"] is None else "amt"
        self._line(f"  {t(f'cli.explain.path_{way}', **figures)}")

    def figures(self, row: dict[str, Any]) -> None:
        """Names and values, two to a line; what is empty is left out."""
        cells = [
            (self.t.label("field", name), self._value(name, value)) for name, value in row.items() if value is not None
        ]
        half = (len(cells) + 1) // 2
        for left, right in zip_longest(cells[:half], cells[half:], fillvalue=("", "")):
            self._line(f"  {_padded(left[0], 26)}{_padded(left[1], 22)}{_padded(right[0], 26)}{right[1]}".rstrip())

    def _value(self, name: str, value: object) -> str:
        """A cell in words, where it is a code that has some."""
        if name == "setting":
            return self.t.label("field", value)
        if isinstance(value, bool):
            return self.t("cli.yes") if value else self.t("cli.no")
        return self.t.label(_CODES[name], value) if name in _CODES else _cell(value)

    def source_rows(self, keys: dict[str, list[str]]) -> None:
        """Keys of the source rows behind it all."""
        self.section(self.t("cli.explain.rows"))
        for name, found in keys.items():
            if found:
                more = f"  … {self.t('cli.explain.more')}" if len(found) > _KEYS_SHOWN else ""
                self._line(f"  {name} ({len(found)}): {' '.join(found[:_KEYS_SHOWN])}{more}")

    def sureties(self, rows: list[dict[str, Any]]) -> None:
        """A circle of clients that stand surety for one another; or that a longer one is not ruled out."""
        for row in rows:
            self.section(self.t("cli.explain.sureties"))
            if row["step_count"]:
                count, steps = row["member_count"], row["step_count"]
                amount = _cell(row["guaranteed_amt"])
                self._line(
                    f"  {self.t('cli.explain.circle', n=count, steps=steps, amount=amount, members=row['members'])}"
                )
            if row["is_longer"]:
                self._line(f"  {self.t('cli.explain.circle_longer')}")

    def gaps(self, withheld: list[dict[str, Any]], basis: dict[str, Any]) -> None:
        """What the verdict does not rest on: rows that were not used, tables that are missing or that no rule reads."""
        from nightdesk.render.missing import table_word, table_words

        t = self.t
        if withheld:
            self.section(f"{t('cli.explain.withheld')} ({len(withheld)})")
        for row in withheld[:_KEYS_SHOWN]:
            what = ".".join(part for part in (row["table_name"], row["column_name"]) if part)
            self._line(
                f"  {table_word(what, t)} {row['row_key']}  {t.label('withheld_reason', row['reason'])}  {row['rule']}"
            )
        if len(withheld) > _KEYS_SHOWN:
            self._line(f"  … {t('cli.explain.more')}")
        said = {
            "gone": "flag.gone",
            "not_supplied": "note.not_supplied",
            "not_assessed": "note.unassessed",
            "floor_only": "cli.explain.floor_only",
            "deeds_only": "cli.explain.deeds_only",
            "not_point_in_time": "flag.reconstructed",
        }
        self.section(t("cli.explain.gaps"))
        for name, key in said.items():
            if basis[name]:
                self._line(f"  {t(key)}{t('list.colon')}{table_words(basis[name], t)}")
        for token, words in basis["read_as"].items():
            self._line(f"  {t('cli.explain.read_as', what=table_word(token, t), words=words[t.language])}")

    def _line(self, text: str) -> None:
        results.print(text)


def _release(found: dict[str, Any]) -> Release:
    """The release in the document that explain makes."""
    checks = [Overridden(one["table_name"], one["rule"], "") for one in found["overridden"]]
    return Release(found["released_by"], found["reason"], tuple(checks), found["is_replayed"])


def _padded(text: str, width: int) -> str:
    """Text in columns of a terminal, where a Chinese character takes two; nothing is cut."""
    return text + " " * max(width - cell_len(text), 1)


def _cell(value: object) -> str:
    """A value for a person: figures grouped, and those finer than a cent without trailing zeros."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:,f}" if int(value.as_tuple().exponent) >= -2 else f"{value.normalize():,f}"
    return str(value)
