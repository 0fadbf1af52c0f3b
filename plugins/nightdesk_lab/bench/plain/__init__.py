"""The night's work once more, in plain pandas, as a data team would write it: whole history in, frames out.

Amounts are whole cents (int64), text is pandas' own text, everything is a merge, a group or a mask.
"""

#: what the plain night leaves out: by so much it looks faster than it is
LEFT_OUT = (
    "P02 (runs of days past due), J, E and Q indicators",
    "colours, coverage and five-class floors",
    "tier grace and overrides",
    "the task list and every sentence",
    "projects, draw gates, checks after the loan, proposals, who is tied to whom",
    "writing a table that later nights continue",
)
