"""How often a night's models read each large table of the source: what indicators share is a feature, built once."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from nightdesk.models import REBUILT, ROLLED, Model, earlier_products, layer_products, models, ordered
from nightdesk.steps import COMPUTED

#: tables with many rows a client, and how many scans of each the models of a night ask for. A number that rises needs a
#: reason; one that falls is lowered here with it.
#: The graph of payments reads txn by itself, for what it follows is no client's own flow: what was taken back, and what
#: stands, in base currency and in others (read twice it need not be set aside); what loans owed at a year's end
#: (the denominator of financed emissions) reads loan_daily and statement once, far behind the windows of the others.
#: Which facts a rolled night's reversals name is a table read from tonight's rows: the history is asked for these few.
#: What secures a loan asks of its guarantors, who may be nobody's borrower, when their newest statement is of.
#: Proposals size a need by the accounts of whoever has it, borrower or not: the position is built once more for them.
REBUILT_NIGHT = {"txn": 12, "balance": 4, "instalment": 3, "payment": 6, "loan_daily": 3, "statement": 6}
ROLLED_NIGHT = {"txn": 19, "balance": 9, "instalment": 3, "payment": 6, "loan_daily": 3, "statement": 6}
#: indicators that read one themselves, because no other rule asks the same of it
THEMSELVES = {"payment": {"p02_overdue_count"}, "statement": {"f20_audit", "q03_statement_age"}}
COMMENT = re.compile(r"--[^\n]*")
READ = re.compile(r"\b(?:from|join)\s+([a-z_]+\.[a-z0-9_]+)", re.IGNORECASE)


def scans(sql: str, table: str, known: Mapping[str, Model]) -> int:
    """How often a query scans a source table: where it names it, and where it names a view that does."""
    found = 0
    for name, times in Counter(one.lower() for one in READ.findall(COMMENT.sub("", sql))).items():
        model = known.get(name)
        if name == f"source.{table}":
            found += times
        elif model is not None and model.is_view:
            found += times * scans(model.sql, table, known)
    return found


def readers(table: str, structure: frozenset[str]) -> dict[str, int]:
    """The models that a night builds and that scan a table, by layer and name: a step is built in each layer anew."""
    found = {}
    for layer in COMPUTED:
        own = structure if layer == "features" else REBUILT
        for model in ordered(layer_products(layer), earlier_products(layer), own):
            times = 0 if model.is_view else scans(model.sql, table, models(own))
            if times:
                found[f"{layer}: {model.table}"] = times
    return found


@pytest.mark.parametrize(
    ("structure", "held"), [(REBUILT, REBUILT_NIGHT), (ROLLED, ROLLED_NIGHT)], ids=["rebuilt", "rolled"]
)
def test_given_the_models_of_a_night_then_each_large_table_is_read_as_often_as_is_held(
    structure: frozenset[str], held: Mapping[str, int]
) -> None:
    counted = {table: readers(table, structure) for table in held}
    assert {table: sum(found.values()) for table, found in counted.items()} == held, counted


@pytest.mark.parametrize("table", REBUILT_NIGHT)
def test_given_an_indicator_that_reads_a_large_table_itself_then_it_is_told_by_name(table: str) -> None:
    found = {
        model.table.partition(".")[2]
        for model in models().values()
        if model.table.startswith("warnings_indicator.") and scans(model.sql, table, models())
    }
    assert found == THEMSELVES.get(table, set()), "what indicators share is a feature (sql/features), built once"


def test_given_a_query_that_names_a_table_a_view_and_a_comment_then_what_the_view_scans_counts_with_it() -> None:
    def view(sql: str) -> Model:
        return Model("staging.paid", "staging", Path("paid.sql"), sql, frozenset(), None)

    known = {"staging.paid": view("select * from source.txn join source.txn as other using (txn_id)")}
    sql = "-- from source.txn\nselect * from source.txn left join staging.paid on true join features.client_day on true"
    assert scans(sql, "txn", known) == 3
    assert scans(sql, "balance", known) == 0
