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
        self.section(t("cli.explain.tier_path"))
        for step in found["tier_path"]:
            self._path(step)
        if not found["tier_path"]:
            self.line(f"  {self._no_path(row, found['tier_policy'])}")
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

    def _no_path(self, row: dict[str, Any], rules: dict[str, list[dict[str, Any]]]) -> str:
        """Why nothing is said of a next tier: its group carries it, it has the highest, or the next is far above."""
        t = self.t
        if not row["is_contact_owed"]:
            return t("cli.explain.no_path.carried", client=cell(row["carrier_client_id"]))
        levels = {one["tier"]: one["level"] for one in rules["tier"]}
        if levels.get(row["qualified_tier"]) == max(levels.values(), default=None):
            return t("cli.explain.no_path.highest")
        if row["score"] is None:
            return t("cli.explain.no_path.not_measured")
        reach = next((one["value"] for one in rules["tier_setting"] if one["setting"] == "path_reach_pct"), None)
        return t("cli.explain.no_path.far", pct=cell(reach))

    def _path(self, row: dict[str, Any]) -> None:
        """What lifts the client into the next tier by itself, or why nothing does."""
        t = self.t
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
