"""The colour of a client and what it rests on: rules, standing, indicators, observations, sureties."""

from typing import Any

from nightdesk.cli.explained.part import Part, cell

#: the figures that a value lies between, as policy names them, and the columns that they stand in
_FIGURES = {"second": "second_value", "baseline": "baseline"}
#: how a value lies to a line that it crosses, by policy's direction and when; a hard line is crossed when it is passed
_CROSSED = {("high", "reached"): ">=", ("high", "passed"): ">", ("low", "reached"): "<=", ("low", "passed"): "<"}
_WHEN = {"amber_value": "amber_when", "red_value": "red_when"}
#: the indicator that is the share of the others that is assessed
_COVERAGE = "Q04"


def _is_unsupplied(row: dict[str, Any]) -> bool:
    """Whether an indicator counts in the coverage and its data is not supplied."""
    return bool(row["is_counted"] and not row["is_assessed"] and row["not_supplied"] and not row["is_withheld"])


class Verdict(Part):
    """What decided the colour, and every indicator behind it."""

    def colour(
        self,
        row: dict[str, Any],
        deciding: list[dict[str, Any]],
        floor_rule: dict[str, Any] | None,
        indicators: list[dict[str, Any]],
    ) -> None:
        """The colour, what it was summed from, and the rules that reach it."""
        from nightdesk.render.standing_words import rule_sentences

        t = self.t
        self.section(f"{t('cli.explain.colour')}: {t.label('colour', row['colour'])}")
        floor = t.label("floor_class", row["floor_class"])
        told = self._floor(row, floor_rule)
        reason = t("list.aside", text=told) if told else ""
        self.line(
            f"  {t('cli.explain.score')} {cell(row['score'])}  "
            f"{t('cli.explain.coverage')} {row['assessed_count']}/{row['applicable_count']}"
            f"{self._unsupplied(indicators)}  "
            f"{t('cli.explain.floor')} {floor}{reason}  {t('cli.explain.since')} {cell(row['colour_since'])}"
        )
        self.section(t("cli.explain.decided"))
        for said in rule_sentences(deciding, t, self.f, f"{floor}{reason}"):
            self.line(f"  {said}")
        if not deciding:
            name = row["colour"] if row["colour"] in ("green", "no_credit") else "not_assessed"
            self.line(f"  {t(f'cli.explain.undecided.{name}')}")

    def _unsupplied(self, indicators: list[dict[str, Any]]) -> str:
        """Which of those that count in the coverage have no data supplied."""
        codes = [row["indicator"] for row in indicators if _is_unsupplied(row)]
        return self.t("cli.explain.unsupplied", n=len(codes), codes=self.t("list.join").join(codes)) if codes else ""

    def capped(self, rows: list[dict[str, Any]]) -> None:
        """A line for each group of indicators whose points are more than it may count; nothing where none is."""
        from nightdesk.render.standing_words import capped_sentences

        over = [row for row in rows if row["is_capped"]]
        if over:
            self.section(self.t("cli.explain.capped"))
        for said in capped_sentences(over, "points", self.t, self.f):
            self.line(f"  {said}")

    def one_matter(self, matters: list[list[dict[str, Any]]]) -> None:
        """A line for each event that several signals tell, with their points; nothing where each tells its own."""
        if matters:
            self.section(self.t("cli.explain.one_matter"))
        for signals in matters:
            told = (f"{row['indicator']} {self.f.number(row['points'])}" for row in signals)
            self.line(f"  {self.t('list.join').join(told)}")

    def _floor(self, row: dict[str, Any], rule: dict[str, Any] | None) -> str:
        """Why the five-class floor is what it is, in words; empty where it is normal."""
        if rule is None:
            return self.t.label("colour", row["floor_reason"]) if row["floor_reason"] else ""
        return self.rule(rule)

    def standing(self, row: dict[str, Any], path: list[dict[str, Any]]) -> None:
        """Where the client stands: among its peers, against itself, and on the way of twelve months."""
        from nightdesk.render.standing_words import comparison_lines, path_words, standing_words

        t = self.t
        said = standing_words(row, t)
        self.section(f"{t('standing.title')}{t('list.colon')}{said}" if said else t("standing.title"))
        for line in comparison_lines(row, t, self.f):
            self.line(f"  {line}")
        self.line(f"  {t('standing.path', path=path_words(path, t, self.f))}")

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
                if row["indicator"] == _COVERAGE and row["value"] is not None:
                    self.line(f"      {self._own_coverage(row, rows)}")
        if not fired:
            self.line(self.t("cli.explain.fired_none"))

    def _own_coverage(self, row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
        """Of which indicators that one is, beside the coverage of all: which of those it leaves out, and why."""
        others = [one["indicator"] for one in rows if one["is_contagion"] and one["is_counted"]]
        left_out = {
            "others": others,
            "unsupplied": [one["indicator"] for one in rows if _is_unsupplied(one) and one["indicator"] not in others],
        }
        said = self.t("cli.explain.own_coverage", n=int(row["second_value"]), of=int(row["baseline"]))
        for name, codes in left_out.items():
            if codes:
                said += self.t(f"cli.explain.own_coverage_{name}", codes=self.t("list.join").join(codes))
        return said

    def _value(self, row: dict[str, Any]) -> str:
        """A value and what stands behind it; nothing behind a number of things, a ratio or an amount."""
        value, between = row["value"], row["between"]
        if value is not None and between and between["is_difference"]:
            return self._measured(value, "points" if between["unit"] == "pct" else between["unit"])
        return self._measured(value, row.get("unit"))

    def _measured(self, value: object, unit: str | None) -> str:
        has_unit = value is not None and unit in ("pct", "days", "months", "points", "score")
        return cell(value) + (self.t.label("value_unit", unit) if has_unit else "")

    def _between(self, row: dict[str, Any]) -> str:
        """The two figures that the value lies between, before it; nothing where it is no distance or not assessed."""
        between = row["between"]
        if not between or not (row["is_assessed"] or row["severity"]) or row["value"] is None:
            return ""
        named = ((between[self.name.replace("name", figure)], row[column]) for figure, column in _FIGURES.items())
        return "".join(f"{name} {self._measured(value, between['unit'])}  " for name, value in named)

    def _unread(self, row: dict[str, Any]) -> str | None:
        """Why an indicator could not be assessed, as `export indicator_reading` has it; None where it was."""
        from nightdesk.render.missing import table_words

        if row["is_assessed"]:
            return None
        if row["is_withheld"]:
            return self.t("cli.explain.unread.withheld")
        if row["not_supplied"]:
            return self.t("cli.explain.unread.not_supplied", what=table_words(row["not_supplied"].split(","), self.t))
        why = self.t(f"cli.explain.unread.{row['quiet_case'] or 'not_known'}")
        return why + (self.t("cli.explain.uncounted") if row["is_counted"] is False else "")

    def _guard(self, row: dict[str, Any]) -> str | None:
        """What kept a value beyond policy's amber line from firing; None where none lay beyond, or it fired."""
        code = row["quiet_case"]
        if not code or not row["is_assessed"] or row["severity"]:
            return None
        return self.t(f"cli.explain.guard.{code}", line=self._measured(row["amber_line"], row.get("unit")))

    def _indicator(self, row: dict[str, Any]) -> None:
        t = self.t
        on = " ".join(row[name] for name in ("loan_id", "project_id") if row[name])
        mark = f"  [{t.label('severity', row['severity'])}]" if row["severity"] else ""
        change = f"  {t.label('change', row['change'])}" if row["change"] else ""
        unproven = f"  ({t('unproven.mark')})" if row["is_unproven"] else ""
        self.line(f"  {row['indicator']} {row.get(self.name) or ''}{unproven}{mark}{change}  {on}".rstrip())
        agreed, between = row["agreed"] or {}, self._between(row)
        facts = {
            "value": self._value(row),
            "threshold": row["threshold"],
            "lines": self._lines(row, agreed),
            "limit_agreed": None if between else agreed.get("limit_value"),
            "baseline": None if between else row["baseline"],
            "window_days": row.get("window_days"),
            "data_date": row["data_date"],
            "first_seen": row["first_seen"],
            "group": t.label("indicator_group", row["group_code"]),
            "family": t.label("indicator_family", row["family"]),
            "weight": row.get("weight"),
            "points": row["points"],
            "fired_by": self._comparison(row["rule"]),
            "clears": self._comparison(row["clears"]),
            "clears_else": t("clears.matter") if row["severity"] and not self._comparison(row["clears"]) else None,
            "source_keys": row["source_keys"],
        }
        shown = [f"{t(f'cli.explain.{name}')} {cell(value)}" for name, value in facts.items() if value is not None]
        self.line(f"      {between}{'  '.join(shown)}")
        for said in (self.sentence(row[self.reason] or ""), self._guard(row), self._unread(row)):
            if said:
                self.line(f"      {said}")

    def _lines(self, row: dict[str, Any], agreed: dict[str, Any]) -> str | None:
        """Amber, red and hard line, each with the side on which it is crossed: the client's own, marked by what sets it
        (a contract, its kind), else policy's.
        """
        lines = {
            "amber_value": agreed.get("amber_line"),
            "red_value": agreed.get("red_line"),
            "hard_value": None,
        }
        if all(line is None and row.get(name) is None for name, line in lines.items()):
            return None
        mark = self.t(f"cli.explain.by_{agreed.get('set_by', 'contract')}")

        def shown(name: str, line: object) -> str:
            policy_line = row.get(name)
            if line is None and policy_line is None:
                return cell(None)
            said = cell(policy_line) if line is None else f"{cell(line)}{mark}"
            side = (str(row.get("direction")), str(row.get(_WHEN.get(name, ""), "passed")))
            return f"{_CROSSED.get(side, '')}{said}"

        return "/".join(shown(name, line) for name, line in lines.items())

    def _comparison(self, said: str | None) -> str | None:
        """A comparison with its line in words of the page; None for a special case, which its sentence tells."""
        left, _, right = (said or "").partition(" ")
        return f"{self.t('cli.explain.value')} {right}" if left == "value" else None

    def observations(self, rows: list[dict[str, Any]]) -> None:
        """What people observed, with their own words: who explains a client may read them, no list has them."""
        t = self.t
        if rows:
            self.section(t("cli.explain.observations"))
        for row in rows:
            values = {
                "day": row["observed_on"],
                "name": row[self.name],
                "severity": t.label("severity", row["counted_severity"]),
                "until": row["stands_until"],
                "by": row["staff_id"],
                "checker": cell(row["checker_id"]),
            }
            over = "" if row["is_standing"] else f"  {t('cli.explain.observed_over')}"
            self.line(f"  {t('cli.explain.observed', **values)}{over}")
            if row["note"]:
                self.line(f"      {row['note']}")

    def sureties(self, rows: list[dict[str, Any]]) -> None:
        """A circle of clients that stand surety for one another; or that a longer one is not ruled out."""
        for row in rows:
            self.section(self.t("cli.explain.sureties"))
            if row["step_count"]:
                count, steps = row["member_count"], row["step_count"]
                amount = cell(row["guaranteed_amt"])
                self.line(
                    f"  {self.t('cli.explain.circle', n=count, steps=steps, amount=amount, members=row['members'])}"
                )
            if row["is_longer"]:
                self.line(f"  {self.t('cli.explain.circle_longer')}")
