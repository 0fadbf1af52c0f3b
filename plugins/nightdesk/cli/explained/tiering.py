"""The tier of a client, what it was computed from, and what lifts it."""

from typing import Any

from nightdesk.cli.explained.part import Part, cell

#: of a policy row, what says who owns it: --json has it
_TRAILER = ("valid_from", "valid_to", "owner", "reason")


class Tiering(Part):
    """The tier with its inputs, its policy and the way to the next."""

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
                said = (f"{t.label('field', key)} {self.value(key, value)}" for key, value in kept.items())
                self.line(f"  {'  '.join(said)}")

    def _path(self, row: dict[str, Any]) -> None:
        """What lifts the client into the next tier by itself, or why nothing does."""
        t = self.t
        self.section(t("cli.explain.tier_path"))
        figures = {
            "target": t.label("tier", row["target_tier"]),
            "lever": t.label("lever", row["lever"]),
            "amount": cell(row["lever_amt"]),
            "count": cell(row["lever_count"]),
            "now": cell(row["now_amt"]),
            "date": cell(row["by_on"]),
            "evaluated": cell(row["evaluated_on"]),
            "reason": t.label("path_reason", row["reason"]),
        }
        way = "none" if row["lever"] is None else "count" if row["lever_amt"] is None else "amt"
        self.line(f"  {t(f'cli.explain.path_{way}', **figures)}")
