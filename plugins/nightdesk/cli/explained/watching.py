"""The life of a client's signals: its place on the watch list, what it asks for, its plan, episodes and decisions."""

from typing import Any

from nightdesk.cli.explained.part import Part, cell


class Watching(Part):
    """Where the client stands on the watch list, what that forbids, and what people said."""

    def watch(self, row: dict[str, Any] | None) -> None:
        """The stage with its dates, what is proposed, and what holds while it stands."""
        t = self.t
        stage = row["stage"] if row else "W0"
        self.section(
            f"{t('cli.explain.watch')}: {t.label('watch_stage', stage) if row else t('cli.explain.watch_none')}"
        )
        if row is None:
            return
        if row["since"]:
            facts = {
                "since": row["since"],
                "why": t.label("watch_rule", row["rule"]),
                "review": cell(row["review_due"]),
                "exit": cell(row["exit_from"]),
            }
            self.line(f"  {t('cli.explain.watch_since', **facts)}")
            if row["stay_until"]:
                self.line(f"  {t('cli.explain.watch_stay', day=row['stay_until'])}")
        if row["decision"]:
            self.line(f"  {self._proposal(row)}")
        for name in ("freezes_limits", "draws_need_risk"):
            if row[name]:
                self.line(f"  {t(f'cli.explain.{name}')}")

    def _proposal(self, row: dict[str, Any]) -> str:
        """What risk was last asked, and what became of it: of a stage that stands already, to confirm it."""
        facts = {
            "stage": self.t.label("watch_stage", row["proposed_stage"]),
            "day": row["proposed_on"],
            "on": cell(row["decided_on"]),
            "id": cell(row["decision_id"]),
        }
        asked = "entry" if row["proposed_stage"] == row["stage"] else "proposal"
        return self.t(f"cli.explain.{asked}_{row['decision']}", **facts)

    def plan(self, row: dict[str, Any] | None, steps: list[dict[str, Any]]) -> None:
        """The plan of contingency and exit: its cell, its two numbers, its state and its days; nothing without one."""
        from nightdesk.render.exit_plan import decide_by

        if row is None:
            return
        t = self.t
        zh = self.name.endswith("_zh")
        self.section(f"{t('exit.title')}: {row['strategy_zh'] if zh else row['strategy_en']}")
        for measure, value, gap in (
            ("viability", row["viability_ratio"], row["viability_gap"]),
            ("protection", row["protection_pct"], row["protection_gap"]),
        ):
            label = t.label(f"exit_{measure}", row[measure])
            said = t.label("exit_gap", gap) if gap else cell(value)
            sums = {
                "viability": ("cash_amt", "service_amt"),
                "protection": ("realisable_amt", "exposure_amt"),
            }[measure]
            made = "" if gap else f" = {' / '.join(cell(row[name]) for name in sums)}"
            capped = measure == "viability" and row["is_viability_capped"]
            cap = f"  {t('exit.capped', n=row['max_days_past_due'])}" if capped else ""
            self.line(f"  {t(f'exit.{measure}')}: {label} ({said}{made}){cap}")
        tested, due, night = row["next_test_on"], row.get("test_due_on"), row["business_date"]
        is_late, is_awaited = due is not None and due <= night, tested is not None and due and tested <= night
        test = (
            f"{t('exit.late_test')} {due}"
            if is_late
            else f"{t('exit.awaited_test')} {t('exit.awaited_by', day=tested, due=due)}"
            if is_awaited
            else f"{t('exit.next_test')} {cell(tested)}"
        )
        decide = decide_by(row, steps)
        decided = f"{t('exit.decide_by')} {decide}  " if decide else ""
        self.line(
            f"  {t('exit.state')}: {t.label('exit_state', row['state'])}  {decided}"
            f"{t('exit.renew_by')} {row['renew_by']}  {test}"
        )

    def episodes(self, rows: list[dict[str, Any]]) -> None:
        """Every episode that is kept, those that stand first."""
        t = self.t
        self.section(f"{t('cli.explain.episodes')} ({len(rows)})")
        if not rows:
            self.line(f"  {t('cli.explain.episodes_none')}")
        for row in sorted(rows, key=lambda one: (one["closed_on"] is not None, one["opened_on"], one["indicator"])):
            on = " ".join(row[name] for name in ("loan_id", "project_id") if row[name])
            facts = {
                "state": t.label("episode_state", row["state"]),
                "opened": row["opened_on"],
                "last": row["last_seen"],
                "severity": t.label("severity", row["severity"]),
                "worst": t.label("severity", row["severity_max"]),
                "times": row["reopened_count"],
            }
            said = t("cli.explain.episode", **facts)
            if row["closed_on"]:
                said += f"  {t('cli.explain.episode_closed', day=row['closed_on'])}"
            for name in ("suppressed_until", "snoozed_until"):
                if row[name]:
                    said += f"  {t(f'cli.explain.{name}', day=row[name])}"
            self.line(f"  {row['indicator']} {row[self.name] or ''} {on}".rstrip() + f"  {said}  {row['episode_id']}")

    def decisions(self, rows: list[dict[str, Any]]) -> None:
        """What people decided about the client, newest first; also what does not count, and why."""
        t = self.t
        self.section(f"{t('cli.explain.decisions')} ({len(rows)})")
        if not rows:
            self.line(f"  {t('cli.explain.decisions_none')}")
        for row in sorted(rows, key=lambda one: (one["decided_at"], one["decision_id"]), reverse=True):
            facts = {
                "day": row["decided_on"],
                "subject": t.label("decision_subject", row["subject"]),
                "key": row["subject_key"],
                "verdict": t.label("decision_verdict", row["verdict"]),
                "by": row["decided_by"],
                "checker": cell(row["checker_id"]),
            }
            said = t("cli.explain.decision", **facts)
            if row["until"]:
                said += f"  {t('cli.explain.decision_until', day=row['until'])}"
            if why := row["refused_because"]:
                said += f"  {t('cli.explain.decision_refused', why=t.label('decision_refused', why))}"
            self.line(f"  {said}  {row['decision_id']}")
