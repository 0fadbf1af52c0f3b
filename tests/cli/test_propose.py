"""Proposals of a night: what is offered, what is not and why, and two pages of which one may be taken to the client."""

import csv
import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hand_bank import Bank, D, days_back, ten_clients
from made_once import PROCESS
from on_paper import lacking_beside
from pypdf import PdfReader
from terminal import Terminal, published_nights

from nightdesk import pg
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue

_STYLE, _TAG = re.compile(r"<style>.*?</style>", re.DOTALL), re.compile(r"<[^>]*>")
#: labels that stand on the bank's own page alone
INTERNAL = ("margin", "funding", "risk_cost", "colour", "watch", "class", "past_due", "exposure", "group_exposure")
INTERNAL += ("capacity", "capacity_down", "security_gap", "lost_needs", "life_cover")


def _need(need: str, client: str, kind: str, amount: float | None, by_when: date | None, **more: Any) -> dict[str, Any]:
    row = {"need_id": need, "client_id": client, "kind": kind, "amount": amount, "by_when": by_when}
    row |= {"raised_on": days_back(40), "status": "open", "closed_on": None, "lost_reason": None, "price_amt": None}
    return {**row, **more}


def needing_bank() -> Bank:
    """Ten clients of whom some need something: each takes in 500,000 a month, and C05 is 91 days past due."""
    bank = ten_clients()
    soon = D + timedelta(days=60)
    bank["need"] = [
        _need("N1", "C01", "trade", 800_000.0, soon),
        _need("RELIEF", "C05", "refinance", 2_000_000.0, soon),
        _need("NO_AMOUNT", "C09", "trade", None, soon),
        _need("NO_CASH", "C10", "equipment", 1_000_000.0, soon, price_amt=1_400_000.0),
        _need("POOL", "C01", "cash_management", 9_000_000.0, soon),
        _need("UNDATED", "C10", "trade", 1_000_000.0, None),
        _need("LOST", "C02", "trade", 300_000.0, soon, status="lost", closed_on=days_back(5), lost_reason="price"),
    ]
    return bank


@pytest.fixture(scope="module")
def needing(pg_server: pg.Server, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """One published night of that bank."""
    place = tmp_path_factory.mktemp("propose")
    return published_nights(pg_server, place, f"propose_{PROCESS}", [D], needing_bank())


def exported(terminal: Terminal, table: str) -> list[dict[str, str]]:
    done = terminal.run("export", table, "--date", str(D))
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_given_open_needs_when_the_night_is_out_then_each_has_its_bundles_with_verdict_and_reason(
    needing: Terminal,
) -> None:
    found = {
        row["proposal_id"]: (row["verdict"], row["reason"], row["amount"]) for row in exported(needing, "proposal")
    }
    assert found == {
        "N1-trade": ("offer", "", "800000.00"),
        "N1-revolving": ("not_assessed", "source", ""),
        "RELIEF-refinancing": ("forbearance", "arrears", "2000000.00"),
        "RELIEF-working_loan": ("forbearance", "arrears", ""),
        "NO_AMOUNT-trade": ("not_assessed", "amount", ""),
        "NO_AMOUNT-revolving": ("not_assessed", "amount", ""),
        "NO_CASH-equipment": ("not_assessed", "forecast", "1000000.00"),
        "NO_CASH-lease": ("not_assessed", "forecast", "1000000.00"),
        "POOL-cash_pool": ("offer", "", ""),
    }


def test_given_an_offer_then_its_schedule_repays_it_to_the_cent_and_no_other_proposal_has_one(
    needing: Terminal,
) -> None:
    rows = exported(needing, "repayment_schedule")
    assert {row["proposal_id"] for row in rows} == {"N1-trade"}
    # 800,000 for six months at 3.20% a year of 360 days, from May 30 to November 30: 184 days
    assert [(row["due_on"], row["principal"], row["interest"], row["balance"]) for row in rows] == [
        ("2026-11-30", "800000.00", "13084.44", "0.00")
    ]


def test_given_a_lost_need_then_its_branch_is_told_why(needing: Terminal) -> None:
    assert [(row["branch_id"], row["lost_reason"], row["lost_count"]) for row in exported(needing, "need_lost")] == [
        ("B1", "price", "1")
    ]
    states = {row["need_id"]: row["state"] for row in exported(needing, "need_outcome")}
    assert (states["LOST"], states["N1"], states["UNDATED"]) == ("lost", "open", "open")


def test_given_facts_then_there_are_at_most_three_a_side_and_each_has_a_figure(needing: Terminal) -> None:
    facts = exported(needing, "proposal_fact")
    sides: dict[tuple[str, str], int] = {}
    for fact in facts:
        sides[fact["proposal_id"], fact["side"]] = sides.get((fact["proposal_id"], fact["side"]), 0) + 1
        assert any(letter.isdigit() for letter in fact["words_zh"]), fact["words_zh"]
        assert any(letter.isdigit() for letter in fact["words_en"]), fact["words_en"]
    assert max(sides.values()) <= 3


def seen(page: Path) -> str:
    """What a page says, its style sheet and tags apart."""
    return _TAG.sub(" ", _STYLE.sub("", page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_given_an_offer_when_its_pages_are_made_then_the_clients_page_has_nothing_that_is_the_banks_alone(
    needing: Terminal, tmp_path: Path, lang: Language
) -> None:
    done = needing.run("propose", "C01", "--out", str(tmp_path), "--lang", lang, "--json")
    assert done.exit_code == 0, done.output
    pages = {kind: Path(page) for kind, page in json.loads(done.stdout)["pages"].items()}
    assert set(pages) == {"client", "internal"}
    assert {kind: lost for kind, page in pages.items() if (lost := lacking_beside(page))} == {}
    t = catalogue(lang)
    told, internal = (seen(pages[kind]) for kind in ("client", "internal"))
    paper = "".join(page.extract_text() for page in PdfReader(pages["client"].with_suffix(".pdf")).pages)
    secret = [t(f"proposal.{name}") for name in INTERNAL]
    secret += [
        t.label("colour", code) for code in ("red", "orange", "amber", "blue", "green", "no_credit", "not_assessed")
    ]
    secret += [t.label("watch_stage", f"W{level}") for level in range(1, 5)]
    secret += [t(f"proposal_column.{name}") for name in ("limit", "why_not", "rule")]
    secret += ["0.80%", "2.00%", "0.40%"]  # margin, funding and risk cost of the product
    secret += ["N1-revolving", "not_assessed"]
    assert [word for word in secret if word in told or word in paper] == []
    shown = [word for word in secret if word in internal]
    assert {t("proposal.margin"), "0.80%", "2.00%", t("proposal_column.limit")} <= set(shown)
    # a limit says whether it is the least or the most
    bounds = {"zh_CN": ("下限 10.00万元", "上限 10.00%", "最差为正常"), "en": ("at least CNY 100.0k", "at most 10.00%")}
    assert [bound for bound in bounds[lang] if bound not in internal] == []
    # what the client is told is all there
    assert {"zh_CN": "80.00万元", "en": "CNY 800.0k"}[lang] in told
    assert "13,084.44" in told
    assert t("proposal.indicative") in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_given_a_service_when_its_page_is_made_then_nothing_is_said_of_lending(
    needing: Terminal, tmp_path: Path, lang: Language
) -> None:
    done = needing.run("propose", "C01", "--need", "POOL", "--out", str(tmp_path), "--lang", lang, "--json")
    assert done.exit_code == 0, done.output
    told, t = seen(Path(json.loads(done.stdout)["pages"]["client"])), catalogue(lang)
    loan = [t(f"proposal.{name}") for name in ("title", "amount", "tenor", "security", "indicative", "conventions")]
    loan += {
        "zh_CN": ["全额提供", "借款决议", "到位", "个月"],
        "en": ["lent", "to borrow", "commitment to lend", "month"],
    }[lang]
    assert [word for word in loan if word in told] == []
    expected = [t("proposal.service_title"), t("proposal.service_indicative")]
    expected += {
        "zh_CN": ["900.00万元，期望", "授权书"],
        "en": ["CNY 9.00m, to run by", "Application for the account"],
    }[lang]
    assert [word for word in expected if word not in told] == []


def test_given_nothing_to_offer_when_pages_are_made_then_there_is_one_for_the_bank_alone(
    needing: Terminal, tmp_path: Path
) -> None:
    done = needing.run("propose", "C05", "--out", str(tmp_path), "--json", "--lang", "en")
    document = json.loads(done.stdout)
    assert set(document["pages"]) == {"internal"}
    assert {row["verdict"] for row in document["proposals"]} == {"forbearance"}
    assert [page.name for page in sorted(tmp_path.glob("*client*"))] == []
    assert "forbearance" in Path(document["pages"]["internal"]).read_text(encoding="utf-8")


def test_given_needs_when_asked_in_words_then_a_line_a_bundle_says_why(needing: Terminal) -> None:
    done = needing.run("propose", "C10", "--lang", "en", COLUMNS="200")
    assert done.exit_code == 0
    assert "not assessed" in done.stdout
    assert "cash flow" in done.stdout.replace("\n", " ")
    none = needing.run("propose", "C03", "--lang", "en")
    assert (none.exit_code, none.stdout.strip()) == (0, f"C03 has no open need with a date on {D}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("NOBODY",), "knows no client 'NOBODY'"),
        (("C01", "--need", "N9"), "no proposal for the need 'N9'"),
        (("C10", "--need", "UNDATED"), "no proposal for the need 'UNDATED'"),
        (("C01", "--product", "gold_loan"), "no product 'gold_loan'"),
        (("C01", "--product", "ma_loan"), "'ma_loan' answers none of these needs"),
        (("C01", "--date", "2020-01-01"), "2020-01-01"),
    ],
)
def test_given_a_question_that_makes_no_sense_then_one_line_says_so(
    needing: Terminal, words: tuple[str, ...], said: str
) -> None:
    done = needing.run("propose", *words)
    assert done.exit_code != 0
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2


def test_given_one_product_then_only_its_bundle_is_told(needing: Terminal) -> None:
    done = needing.run("propose", "C01", "--product", "trade_finance", "--json")
    (row,) = json.loads(done.stdout)["proposals"]
    assert (row["proposal_id"], Decimal(str(row["amount"]))) == ("N1-trade", Decimal("800000.00"))
