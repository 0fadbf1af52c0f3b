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
                cured = t.label("floor_class", classes["cured_class"])
                last = classes["last_due_on"]
                of = t("cli.explain.cure_own", last=last) if last else t("cli.explain.cure_other")
                values = {"amount": cell(classes["cure_amt"]), "by": classes["cure_by"], "cured": cured, "of": of}
                self.line(f"  {t('cli.explain.cure', **values)}")
        self.figures({name: value for name, value in row.items() if name not in ("loan_id", "client_id", "branch_id")})

    def _class(self, code: str, why: str | None) -> str:
        """A class with its reason; of what is not assessed the reason stays as the export has it."""
        word = self.t.label("colour" if code == "not_assessed" else "floor_class", code)
        return f"{word} ({why})" if why else word
