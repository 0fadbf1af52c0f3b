"""Repayment schedules to the cent: from a contract's terms to the table of what is drawn and due on each day.

terms (what was agreed) -> dates (due days) -> accrual (interest by day) -> shapes (how the principal comes back)
-> table (the rows) -> measures (what the rows mean for who pays them). Nothing here knows a bank, a database or a
scheduler; money is Decimal, never a float; whatever cannot be held is refused with a UsageError.
"""
