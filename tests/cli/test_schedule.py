"""nightdesk schedule: a repayment table from the command line, without any bank."""

import csv
import io
import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner, Result

from nightdesk.cli import app
from nightdesk.financing.schedule.shapes import names

LOAN = ("--principal", "1000000", "--rate-pct", "3.6", "--paid-out", "2026-09-15", "--first-due", "2026-10-03")


def say(*words: str) -> Result:
    return CliRunner().invoke(app, ["schedule", *words])


def rows(*words: str) -> list[dict[str, str]]:
    done = say(*words)
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_given_terms_then_the_table_has_its_headings_and_amounts_to_the_cent() -> None:
    done = say(*LOAN, "--shape", "level_principal", "--periods", "3", "--format", "csv")
    assert done.stdout == (
        "due_on,drawn,principal,interest,balance\n"
        "2026-09-15,1000000.00,0.00,0.00,1000000.00\n"
        "2026-10-03,0.00,333333.33,1800.00,666666.67\n"
        "2026-11-03,0.00,333333.33,2000.00,333333.34\n"
        "2026-12-03,0.00,333333.34,1000.00,0.00\n"
    )
    assert done.stderr == ""


@pytest.mark.parametrize("how", [("--format", "json"), ("--json",)])
def test_given_json_then_it_is_the_same_table_with_amounts_as_text(how: tuple[str, ...]) -> None:
    terms = (*LOAN, "--shape", "annuity", "--maturity", "2027-09-20", "--draw", "2026-12-24=250000")
    assert json.loads(say(*terms, *how).stdout) == rows(*terms)


def test_given_every_option_then_the_table_closes() -> None:
    terms = (
        *(*LOAN, "--shape", "principal_rows", "--principal-rows", "500000,0.00,800000", "--every", "3M"),
        *("--day-count", "A/360", "--roll", "modified_following", "--calendar", "weekdays", "--accrual", "unadjusted"),
        *("--month-end", "--first-principal", "2027-01-03", "--reset", "2026-12-01=3.1", "--reset", "2027-02-01=2.95"),
        *("--draw", "2026-11-11=250000", "--draw", "2026-12-01=50000", "--stub", "upfront"),
    )
    table = rows(*terms)
    assert [row["due_on"] for row in table][-1] == "2027-07-05"
    assert sum(Decimal(row["principal"]) for row in table) == sum(Decimal(row["drawn"]) for row in table) == 1300000
    # 18 days as agreed up to the first due date, paid at once: 1,000,000 * 3.6% * 18 / 360
    assert (table[0]["interest"], table[1]["interest"]) == ("1800.00", "0.00")


def test_given_the_national_day_week_when_rolled_then_the_china_calendar_is_known_and_says_nothing() -> None:
    done = say(*LOAN, "--shape", "bullet", "--periods", "1", "--roll", "following", "--calendar", "china")
    assert "2026-10-08,0.00,1000000.00" in done.stdout
    assert done.stderr == ""
    assert (
        "2026-10-05,0.00,1000000.00" in say(*LOAN, "--shape", "bullet", "--periods", "1", "--roll", "following").stdout
    ), "weekdays know no holiday"


@pytest.mark.parametrize(("lang", "said"), [("zh_CN", "暂定"), ("en", "provisional")])
def test_given_due_dates_beyond_the_published_calendar_then_the_first_guessed_day_is_told_beside_the_table(
    lang: str, said: str
) -> None:
    terms = (*LOAN, "--shape", "annuity", "--periods", "24", "--calendar", "china", "--lang", lang)
    done = say(*terms, "--roll", "following", "--json")
    assert len(json.loads(done.stdout)) == 25
    assert done.stderr.count("\n") == 1
    assert said in done.stderr
    assert "2027-01-03" in done.stderr
    assert say(*terms).stderr == "", "where nothing rolls no calendar is asked"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--shape", "annuity"), "neither --maturity nor --periods"),
        (("--shape", "annuity", "--periods", "x"), "--periods"),
        (("--shape", "annuity", "--periods", "3", "--payment", "2000"), "smaller than the interest"),
        (("--shape", "annuity", "--periods", "3", "--payment", "1e6"), "--payment '1e6' is not a number"),
        (("--shape", "annuity", "--periods", "3", "--draw", "2026-12-24"), "no dated value"),
        (("--shape", "annuity", "--periods", "3", "--draw", "2026-12-40=5"), "--draw '2026-12-40' is not a date"),
        (("--shape", "annuity", "--periods", "3", "--reset", "2026-12-24=-1"), "--reset -1 is negative"),
        (("--shape", "annuity", "--periods", "3", "--day-count", "30/360"), "--day-count '30/360' is unknown"),
        (("--shape", "annuity", "--periods", "3", "--accrual", "rolled"), "--accrual 'rolled' is unknown"),
        (("--shape", "annuity", "--periods", "3", "--calendar", "lunar"), "--calendar 'lunar' is unknown"),
        (("--shape", "annuity", "--periods", "3", "--format", "xlsx"), "--format"),
        (("--shape", "annuity", "--periods", "3", "--every", "month"), "--every 'month' is no step"),
        (
            ("--shape", "bullet", "--maturity", "2101-01-01", "--calendar", "china", "--roll", "following"),
            "knows nothing of the year 2101",
        ),
        (("--periods", "3"), "--shape"),
    ],
)
def test_given_terms_that_do_not_fit_then_one_line_says_so_and_with_json_a_document(
    words: tuple[str, ...], said: str
) -> None:
    done = say(*LOAN, *words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.output
    assert said in done.stderr
    assert json.loads(say(*LOAN, *words, "--json").stdout)["error"]["exit_code"] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--principal", "100.001"), "--principal 100.001"),
        (("--principal", "0.001"), "--principal 0.001"),
        (("--shape", "balloon", "--balloon", "100.999"), "--balloon 100.999"),
        (("--shape", "principal_rows", "--principal-rows", "500000,499999.995,0.005"), "--principal-rows 499999.995"),
        (("--shape", "sculpted", "--cfads", "400000,400000,400000.123"), "--cfads 400000.123"),
        (("--draw", "2026-10-10=0.005"), "--draw 0.005"),
    ],
)
def test_given_an_amount_finer_than_a_cent_then_it_is_refused_and_not_rounded(
    words: tuple[str, ...], said: str
) -> None:
    done = say(*LOAN, "--shape", "bullet", "--periods", "3", *words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.output
    assert f"{said} has more than two decimals" in done.stderr


@pytest.mark.parametrize(("payment", "first"), [("434866.594118346", "433066.59"), ("434866.595", "433066.60")])
def test_given_an_instalment_that_was_reckoned_then_it_is_taken_half_up_and_that_is_told_beside_the_table(
    payment: str, first: str
) -> None:
    done = say(*LOAN, "--shape", "annuity", "--periods", "3", "--payment", payment, "--lang", "en")
    assert f"2026-10-03,0.00,{first},1800.00" in done.stdout
    assert done.stderr == f"--payment {payment} is taken to the cent, half up\n"


def test_given_all_values_after_one_reset_or_draw_then_they_are_what_repeating_the_option_says() -> None:
    terms = (*LOAN, "--shape", "annuity", "--periods", "3")
    after = ("--reset", "2026-10-10=3.1", "2026-11-20=2.9", "--draw", "2026-10-12=50", "2026-10-13=70")
    each = ("--reset", "2026-10-10=3.1", "--reset", "2026-11-20=2.9", "--draw=2026-10-12=50", "--draw=2026-10-13=70")
    assert rows(*terms, *after) == rows(*terms, *each)
    assert {row["due_on"]: row["drawn"] for row in rows(*terms, *after)}["2026-10-13"] == "70.00"
    assert "unexpected extra argument" in say(*terms, "2026-10-10=3.1").stderr


def test_given_an_amount_to_the_cent_with_noughts_after_it_then_it_is_that_amount() -> None:
    assert rows(*LOAN, "--shape", "bullet", "--periods", "1", "--principal", "100.0100")[0]["drawn"] == "100.01"


def test_given_the_help_then_every_shape_of_the_folder_is_in_it() -> None:
    shown = "".join(say("--help").stdout.split())
    assert [shape for shape in names() if shape not in shown] == []
