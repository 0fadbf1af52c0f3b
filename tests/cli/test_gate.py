"""The gate of a draw that nobody announced: the same rules as a night's, and wrong questions in one line."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from hand_bank import D
from terminal import Terminal

from nightdesk.render.catalogue import Language, catalogue

SOON = str(D + timedelta(days=3))


@pytest.fixture(scope="module")
def loan(two_published: Terminal) -> str:
    """Some loan of the bank's."""
    rows = list(csv.DictReader(io.StringIO(two_published.run("export", "loan_class", "--date", str(D)).stdout)))
    return rows[0]["loan_id"]


def asked(terminal: Terminal, loan: str, amount: str, *more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = terminal.run("gate", loan, "--amount", amount, "--on", SOON, *more, "--json")
    return done.exit_code, {row["item"]: row for row in json.loads(done.stdout)["items"]}


def test_given_a_draw_beyond_the_limit_when_asked_then_that_item_fails_and_the_exit_code_says_so(
    two_published: Terminal, loan: str
) -> None:
    code, small = asked(two_published, loan, "0.01")
    assert code == 5  # nobody says until when this bank's loans may be drawn
    assert small["availability"]["verdict"] == "not_assessed"
    assert small["loan"]["verdict"] == "pass"
    code, large = asked(two_published, loan, "900,000,000,000.00")
    assert code == 5
    assert large["credit_limit"]["verdict"] == "fail"
    assert large["payee"]["verdict"] == "not_assessed"  # this bank names no payees, and nor did whoever asked
    code, named = asked(two_published, loan, "900,000,000,000.00", "--payee", "K1")
    assert named["payee"]["verdict"] == "pass"
    assert "payee" in large
    assert "payee" not in small


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_given_a_draw_when_asked_in_words_then_every_item_has_its_name(
    two_published: Terminal, loan: str, lang: str
) -> None:
    done = two_published.run("gate", loan, "--amount", "1", "--on", SOON, "--lang", lang)
    assert {"zh_CN": "提款期", "en": "availability period"}[lang] in done.stdout
    assert {"zh_CN": "未评估", "en": "not assessed"}[lang] in done.stdout


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_given_a_draw_when_asked_in_words_then_each_item_says_its_rule_its_unit_and_what_it_rests_on(
    two_published: Terminal, loan: str, lang: Language
) -> None:
    done = two_published.run("gate", loan, "--amount", "900,000,000,000.00", "--on", SOON, "--lang", lang)
    lines = {
        "zh_CN": ("可提额度", "900,000,000,000.00", "规则"),
        "en": ("undrawn limit", "CNY 900,000,000,000.00", "Rule"),
    }[lang]
    assert [word for word in lines if word not in done.stdout] == []
    asked = two_published.run("gate", loan, "--amount", "900,000,000,000.00", "--on", SOON, "--json")
    for row in json.loads(asked.stdout)["items"]:
        assert row["rule_zh"], row["item"]
        assert row["rule_en"], row["item"]
        assert row[{"zh_CN": "rule_zh", "en": "rule_en"}[lang]] in done.stdout
        for key in (row["evidence"] or "").split(";"):
            kind, _, code = key.partition(":")
            if kind == "payee_is":  # which is no code on a page, and none was asked about
                assert (code, catalogue(lang)("cli.gate.no_payee") in done.stdout) == ("not_recorded", True)
            elif kind in ("review_is", "loan_is"):
                assert catalogue(lang)(f"gate_{kind.removesuffix('_is')}.{code}") in done.stdout
            else:
                assert code.replace("|", " ").strip() in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("NOBODY", "--amount", "1", "--on", SOON), "knows no loan NOBODY"),
        (("L", "--amount", "0", "--on", SOON), "an amount above zero"),
        (("L", "--amount", "-1", "--on", SOON), "an amount above zero"),
        (("L", "--amount", "much", "--on", SOON), "'much' is no amount"),
        (("L", "--amount", "nan", "--on", SOON), "'nan' is no amount"),
        (("L", "--amount", "Infinity", "--on", SOON), "'Infinity' is no amount"),
        (("L", "--amount", "1e99", "--on", SOON), "'1e99' is no amount"),
        (("L", "--amount", "1.005", "--on", SOON), "'1.005' is no amount"),
        (("L", "--amount", "1", "--on", str(D - timedelta(days=1))), "lies before the newest published night"),
        (("L", "--amount", "1", "--on", "soon"), "--on"),
    ],
)
def test_given_a_question_that_makes_no_sense_when_asked_then_one_line_says_so(
    two_published: Terminal, words: tuple[str, ...], said: str
) -> None:
    done = two_published.run("gate", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
