"""The demo bank offers the whole contract."""

from nightdesk.contract import contract


def test_given_a_demo_bank_then_every_contract_table_has_rows(bank):
    empty = [name for name in contract() if not bank.value(f'select count(*) from "{name}"')]
    assert not empty, f"write rows of {', '.join(empty)}: plugins/nightdesk_lab/demo_bank/"


def test_given_a_demo_bank_then_the_summary_counts_what_is_in_the_tables(bank):
    counted = {name: bank.value(f'select count(*) from "{name}"') for name in contract()}
    assert bank.summary.rows == counted


def test_given_a_demo_bank_then_tables_have_the_contract_columns_and_known_at(bank):
    for name, table in contract().items():
        columns = [row[1] for row in bank.rows(f'pragma table_info("{name}")')]
        assert columns == [*table.columns, "known_at"], name


def test_given_a_demo_bank_then_required_columns_are_filled_outside_the_dirt(bank):
    missing = [
        (name, column)
        for name, table in contract().items()
        for column in table.required_columns
        if bank.value(f'select count(*) from "{name}" where "{column}" is null')
    ]
    assert missing == []


def test_given_a_demo_bank_then_enum_columns_hold_allowed_codes_but_for_the_noted_ones(bank):
    for name, table in contract().items():
        noted = len(bank.dirt("unknown_code", name))
        strange = 0
        for column in table.columns.values():
            if column.values:
                marks = ", ".join("?" for _ in column.values)
                statement = f'select count(*) from "{name}" where "{column.name}" not in ({marks})'
                strange += bank.value(statement, *column.values)
        assert strange == noted, name


def test_given_a_demo_bank_then_every_required_parent_exists_but_for_the_noted_orphans(bank):
    for name, table in contract().items():
        noted = len(bank.dirt("parent_missing", name))
        orphans = 0
        for column in table.required_parents:
            key = contract()[column.parent].key[0]
            orphans += bank.value(
                f'select count(*) from "{name}" where "{column.name}" not in (select "{key}" from "{column.parent}")'
            )
        assert orphans == noted, name


def test_given_a_demo_bank_then_nothing_is_known_after_the_last_cut_off_but_for_late_rows(bank):
    late = bank.dirt("late")
    for name, table in contract().items():
        keys = " || '|' || ".join(f'"{column}"' for column in table.key)
        known_later = {
            row[0] for row in bank.rows(f"select {keys} from \"{name}\" where known_at > '2026-04-01 04:00:00'")
        }
        assert known_later <= (late if name == "txn" else set()), name


def test_given_a_daily_fact_then_it_is_never_known_before_its_own_date(bank):
    for name, table in contract().items():
        if table.is_daily:
            early = f'select count(*) from "{name}" where known_at < "{table.date_column}"'
            assert bank.value(early) == 0, name


def test_given_a_demo_bank_then_amounts_of_instalments_and_versions_grow_with_what_is_paid(bank):
    paid_twice = bank.value(
        "select count(*) from (select loan_id, due_date, kind, paid_on from instalment where paid_on is not null"
        " group by 1, 2, 3, 4 having count(*) > 1 and max(coalesce(technical_reason, '')) = '')"
    )
    overpaid = bank.value("select count(*) from instalment where round(paid_amt * 100) > round(due_amt * 100)")
    assert (paid_twice, overpaid) == (0, 0)


def test_given_a_demo_bank_then_payments_add_up_to_what_instalments_say_is_paid(bank):
    assert bank.rows(
        "with last as (select *, row_number() over (partition by loan_id, due_date, kind order by known_at desc) as n"
        " from instalment), paid as (select loan_id, due_date, kind, sum(round(amount * 100)) as cents from payment"
        " group by 1, 2, 3) select l.loan_id, l.due_date, l.kind from last l"
        " left join paid p using (loan_id, due_date, kind)"
        " where l.n = 1 and round(l.paid_amt * 100) <> coalesce(p.cents, 0)"
    ) == []  # fmt: skip
