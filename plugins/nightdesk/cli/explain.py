"""nightdesk explain: tier and colour of one client, with every input behind them."""

from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.render.catalogue import Catalogue

_KEYS_SHOWN = 20
#: of a policy row, what says who owns it: --json has it
_TRAILER = ("valid_from", "valid_to", "owner", "reason", "name_zh", "name_en")


def explain(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    date: DateOption,
    revision: Annotated[int | None, typer.Option("--revision", help="A revision other than the standing one.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Say why: inputs, thresholds, windows, data dates, policy version and source row keys."""
    from nightdesk.night.explaining import explain as explain_client

    found = explain_client(get_settings(), client, day(date), profile=profile, revision=revision)
    if as_json:
        say_json(found)
    else:
        _print(found, lang)


def _print(found: dict[str, Any], lang: Lang) -> None:
    from nightdesk.render.catalogue import catalogue

    page = _Page(catalogue(lang.value), lang)
    page.head(found)
    page.colour(found["warning"])
    page.indicators(found["indicators"])
    page.tier(found)
    for row in found["loans"]:
        page.section(f"{page.t('cli.explain.loan')} {row['loan_id']}")
        page.figures({name: value for name, value in row.items() if name not in ("loan_id", "client_id", "branch_id")})
    page.source_rows(found["source_rows"])


class _Page:
    """What a person reads: what decided first, one fact a line, nothing cut."""

    def __init__(self, t: "Catalogue", lang: Lang) -> None:
        self.t = t
        self._name = "name_zh" if lang is Lang.zh_CN else "name_en"

    def head(self, found: dict[str, Any]) -> None:
        """Which client, night, revision and policy."""
        self._line(
            f"{found['client_id']}  {found['business_date']}  {self.t('revision', n=found['revision'])}  "
            f"{self.t('note.policy')} {found['policy_version']}  {self.t('cli.explain.cutoff')} {found['cutoff_at']}  "
            f"{found['base_ccy']}"
        )

    def section(self, title: str) -> None:
        """A heading."""
        results.print()
        results.print(title, style="bold", markup=False)

    def colour(self, row: dict[str, Any]) -> None:
        """The colour and what it was summed from."""
        t = self.t
        self.section(f"{t('cli.explain.colour')}: {t.label('colour', row['colour'])}")
        floor = t.label("floor_class", row["floor_class"])
        reason = f" ({row['floor_reason']})" if row["floor_reason"] else ""
        self._line(
            f"  {t('cli.explain.score')} {_cell(row['score'])}  "
            f"{t('cli.explain.coverage')} {row['assessed_count']}/{row['applicable_count']}  "
            f"{t('cli.explain.floor')} {floor}{reason}  {t('cli.explain.since')} {_cell(row['colour_since'])}"
        )

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

    def _indicator(self, row: dict[str, Any]) -> None:
        t = self.t
        on = " ".join(row[name] for name in ("loan_id", "project_id") if row[name])
        mark = f"  [{t.label('severity', row['severity'])}]" if row["severity"] else ""
        change = f"  {t.label('change', row['change'])}" if row["change"] else ""
        self._line(f"  {row['indicator']} {row.get(self._name) or ''}{mark}{change}  {on}".rstrip())
        lines = "/".join(_cell(row.get(name)) for name in ("amber_value", "red_value", "hard_value"))
        facts = {
            "value": f"{_cell(row['value'])} {row.get('unit') or ''}".strip(),
            "threshold": row["threshold"],
            "lines": lines if lines != "–/–/–" else None,
            "baseline": row["baseline"],
            "window_days": row.get("window_days"),
            "data_date": row["data_date"],
            "first_seen": row["first_seen"],
            "weight": row.get("weight"),
            "source_keys": row["source_keys"],
        }
        shown = [f"{t(f'cli.explain.{name}')} {_cell(value)}" for name, value in facts.items() if value is not None]
        self._line(f"      {'  '.join(shown)}")

    def tier(self, found: dict[str, Any]) -> None:
        """The tier, the figures it was computed from, and the policy rows that judged them."""
        t, row = self.t, found["tier"]
        if not row:
            return
        self.section(f"{t('cli.explain.tier')}: {t.label('tier', row['tier'])} ({t.label('cause', row['cause'])})")
        self.figures({name: value for name, value in row.items() if name not in ("client_id", "branch_id", "tier")})
        for inputs in found["tier_inputs"]:
            self.section(t("cli.explain.tier_inputs"))
            self.figures(inputs)
        self.section(t("cli.explain.tier_policy"))
        for name, rows in found["tier_policy"].items():
            for rule in rows:
                kept = {key: value for key, value in rule.items() if key not in _TRAILER and value is not None}
                self._line(f"  {name}: " + "  ".join(f"{key}={_cell(value)}" for key, value in kept.items()))

    def figures(self, row: dict[str, Any]) -> None:
        """Names and values, two to a line; what is empty is left out."""
        cells = [(name, _cell(value)) for name, value in row.items() if value is not None]
        half = (len(cells) + 1) // 2
        for left, right in zip_longest(cells[:half], cells[half:], fillvalue=("", "")):
            self._line(f"  {left[0]:<26}{left[1]:<22}{right[0]:<26}{right[1]}".rstrip())

    def source_rows(self, keys: dict[str, list[str]]) -> None:
        """Keys of the source rows behind it all."""
        self.section(self.t("cli.explain.rows"))
        for name, found in keys.items():
            if found:
                more = f"  … {self.t('cli.explain.more')}" if len(found) > _KEYS_SHOWN else ""
                self._line(f"  {name} ({len(found)}): {' '.join(found[:_KEYS_SHOWN])}{more}")

    def _line(self, text: str) -> None:
        results.print(text, markup=False)


def _cell(value: object) -> str:
    """A value for a person: figures grouped, and those finer than a cent without trailing zeros."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:,f}" if int(value.as_tuple().exponent) >= -2 else f"{value.normalize():,f}"
    return str(value)
