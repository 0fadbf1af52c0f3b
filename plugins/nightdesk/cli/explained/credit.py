"""The loans of a client with their classes."""

from typing import Any

from nightdesk.cli.explained.part import Part, cell


class Credit(Part):
    """Each loan: its classes, the cheapest cure, and its figures."""

    def loans(self, rows: list[dict[str, Any]], classes: list[dict[str, Any]]) -> None:
        """Every loan, also one whose row is kept back and that only its class knows."""
        by_class = {row["loan_id"]: row for row in classes}
        by_loan = {row["loan_id"]: row for row in rows}
        for loan_id in sorted({*by_class, *by_loan}):
            self.loan(loan_id, by_loan.get(loan_id, {}), by_class.get(loan_id))

    def loan(self, loan_id: str, row: dict[str, Any], classes: dict[str, Any] | None) -> None:
        """A loan: its three classes with their rules, the cheapest cure, and its figures."""
        t = self.t
        self.section(f"{t('cli.explain.loan')} {loan_id}")
        if classes:
            floor, why = self.rule(classes["floor_words"]), self.rule(classes["forecast_words"])
            ahead = f"{classes['forecast_on']} {self._class(classes['forecast_class'], why)}"
            said = [
                f"{t.label('field', 'booked_class')} {t.label('floor_class', classes['booked_class'])}",
                f"{t('cli.explain.floor')} {self._class(classes['floor_class'], floor or classes['floor_rule'])}",
                f"{t.label('field', 'forecast_class')} {ahead}",
            ]
            self.line(f"  {'  '.join(said)}")
            if classes["cure_amt"] is not None:
                self.line(f"  {self._cure(classes)}")
        self.figures({name: value for name, value in row.items() if name not in ("loan_id", "client_id", "branch_id")})
        if row.get("status") == "written_off" and row.get("outstanding_amt") == 0:
            self.line(f"  {t('cli.explain.written_off')}")

    def _cure(self, classes: dict[str, Any]) -> str:
        """The cheapest cure: what of it has to be paid by when and why, and which class it leads to."""
        t, first, last, by = self.t, classes["first_due_on"], classes["last_due_on"], classes["cure_by"]
        cured = t.label("floor_class", classes["cured_class"])
        values = {"amount": cell(classes["cure_amt"]), "by": by, "cured": cured, "first": first, "last": last}
        if last is None:
            said = t("cli.explain.cure_other", **values)
        else:
            said = t("cli.explain.cure_ahead" if last > by else "cli.explain.cure_due", **values)
        if by < classes["forecast_on"] and first:
            said += t("cli.explain.cure_in_time", **values)
        if classes["is_observed_cure"]:
            said += t("cli.explain.cure_observed", on=classes["forecast_on"])
        return said

    def _class(self, code: str, why: str | None) -> str:
        """A class with its reason; of what is not assessed the reason stays as the export has it."""
        word = self.t.label("colour" if code == "not_assessed" else "floor_class", code)
        return f"{word}{self.t('list.aside', text=why)}" if why else word
