"""What a bundle's loan would be to its borrower: each way of repaying it, and how cash flow covers it.

cash (what is there in each period) -> capacity (the debt that it carries) -> agreed (a shape as terms of the one
calculator of repayment tables) -> reckoning (the tables and what they mean) -> choosing (which of them is proposed).
Nothing here knows a bank or a database; money is Decimal.
"""
