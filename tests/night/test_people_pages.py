"""Scorecards and the week on demand: what a page prints adds up, mails leave once, and nobody sees another branch."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

import pytest
from hand_bank import D, ten_clients, write_sqlite
from loopback import Loopback, loopback_smtp
from night_runs import CopySettings, MakeSettings, publish_night
from on_paper import lacking_beside
from sqlalchemy import delete

from nightdesk.desk.database import open_desk
from nightdesk.desk.outbox import WEEKLY
from nightdesk.desk.publication import Publication
from nightdesk.desk.tables import outbox
from nightdesk.errors import Unrendered, UsageError
from nightdesk.mailboxes import Mailboxes
from nightdesk.night.letters import Letter, Told, send_letters, send_waiting
from nightdesk.night.scorecard_mails import send_scorecards
from nightdesk.night.scorecards import Issued, issue_scorecards
from nightdesk.night.weekly import send_weeks, write_weeks
from nightdesk.ranges.backfilling import plan
from nightdesk.reading.exporting import export
from nightdesk.reading.received import received
from nightdesk.reading.scorecard import night_of_quarter, parsed_quarter
from nightdesk.settings import Settings

CENT = Decimal("0.01")


class Tables(HTMLParser):
    """The tables of a page by the anchor before them: rows of cells as they are printed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self._anchor, self._is_cell = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "div" and named.get("class") == "book":
            self._anchor = named["id"] or ""
            self.rows[self._anchor] = []
        elif tag == "tr" and self._anchor:
            self.rows[self._anchor].append([])
        self._is_cell = tag in ("td", "th", "a") and bool(self._anchor)
        if tag in ("td", "th") and self._anchor:
            self.rows[self._anchor][-1].append("")

    def handle_data(self, data: str) -> None:
        if self._is_cell and self._anchor:
            self.rows[self._anchor][-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._is_cell = False


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


@pytest.fixture(scope="module")
def home(fresh_settings: MakeSettings) -> Settings:
    return fresh_settings()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A bank whose people have addresses; one of them left at the quarter's end; B2 gets no figures by mail."""
    bank = ten_clients()
    bank["staff"].append({"staff_id": "S9", "branch_id": "B1", "name": "赵退", "role": "rm", "active_to": D})
    bank["branch"][1]["mail_mode"] = "link_only"
    for row in bank["staff"]:
        row["email"] = f"{row['staff_id'].lower()}@bank.example"
    return write_sqlite(bank, tmp_path_factory.mktemp("bank") / "bank.db")


@pytest.fixture(scope="module")
def published(home: Settings, source: str) -> Publication:
    """The night of a quarter's last day."""
    return publish_night(home, D, source).publication


@pytest.fixture(scope="module")
def issued(home: Settings, published: Publication) -> Issued:
    return issue_scorecards(home, published)


def test_given_a_quarter_that_is_over_when_asked_then_the_night_that_shows_it_whole(
    home: Settings, published: Publication
) -> None:
    assert night_of_quarter(home, parsed_quarter("2026q1")) == published


@pytest.mark.parametrize(
    ("quarter", "said"),
    [("2026Q5", "is no quarter"), ("26Q1", "is no quarter"), ("2999Q1", "is not over"), ("2020Q1", "no night from")],
)
def test_given_no_quarter_or_one_that_no_night_shows_then_one_line_says_why(
    home: Settings, quarter: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said) as told:
        night_of_quarter(home, parsed_quarter(quarter))
    assert told.value.exit_code == 2


def test_given_a_printed_scorecard_then_whoever_adds_up_its_rows_gets_its_figures_scores_and_points(
    issued: Issued,
) -> None:
    assert {str(page): lost for page in issued.pages if (lost := lacking_beside(page))} == {}
    pages = {path.parent.name: path for path in issued.pages if path.name.startswith("scorecard_zh")}
    assert pages
    found = 0
    for staff, path in pages.items():
        tables = Tables(path.read_text(encoding="utf-8")).rows
        measures = sorted((row for row in issued.cards.measures if row["staff_id"] == staff), key=lambda r: r["place"])
        printed = tables["scorecard_measure"][1:]
        assert len(printed) == len(measures) <= 8
        for row, cells in zip(measures, printed, strict=True):
            if row["score"] is None:
                continue
            found += 1
            _, actual, target, score, weight, points, n, _ = cells
            listed = tables.get(f"scorecard_{row['measure']}", [[]])[1:]
            counted = sum((number(one[-2 if row["aggregate"] == "ratio" else -1]) for one in listed), Decimal())
            if row["aggregate"] == "ratio":
                reckoned = 100 * counted / sum((number(one[-1]) for one in listed), Decimal())
            elif row["aggregate"] == "deduction":
                reckoned = 100 - counted
            elif row["aggregate"] == "none_allowed":
                reckoned = Decimal(0 if counted else 100)
            elif row["aggregate"] == "shrunk_mean":
                reckoned = (counted + 10 * row["prior"]) / (len(listed) + 10)
            else:
                reckoned = counted
            assert reckoned.quantize(CENT, ROUND_HALF_UP) == number(actual), row["measure"]
            scored = min(max(100 * number(actual) / number(target), Decimal()), Decimal(120))
            assert scored.quantize(CENT, ROUND_HALF_UP) == number(score)
            assert (number(weight) * number(score) / 100).quantize(CENT, ROUND_HALF_UP) == number(points)
            assert number(n) <= len(listed) or row["aggregate"] == "deduction"
    assert found


def test_given_the_same_figures_when_issued_again_then_the_same_revision_and_no_change(
    home: Settings, published: Publication, issued: Issued
) -> None:
    again = issue_scorecards(home, published)
    assert (issued.revision, again.revision, list(again.changes)) == (1, 1, [])
    with pytest.raises(UsageError, match="no scorecard of 'nobody'"):
        issue_scorecards(home, published, staff_id="nobody")


def test_given_an_export_then_it_has_what_the_page_has(home: Settings, published: Publication, issued: Issued) -> None:
    text = export(home, "scorecard", published.business_date, "csv", None)
    rows = list(csv.DictReader(io.StringIO(text or "")))
    assert list(rows[0]) == ["staff_id", "quarter", "measure", "actual", "target", "score", "weight", "n"]
    assert {row["quarter"] for row in rows} == {"2026Q1"}
    wanted = {(row["staff_id"], row["measure"], str(row["n"])) for row in issued.cards.measures}
    assert {(row["staff_id"], row["measure"], row["n"]) for row in rows} == wanted


def test_given_scorecards_when_mailed_then_each_gets_the_own_and_a_head_those_of_the_branch_and_nobody_twice(
    home: Settings, published: Publication, issued: Issued
) -> None:
    first, second = send_scorecards(home, published), send_scorecards(home, published)
    assert first
    assert {one.fate for one in first} == {"sent"}
    assert [one.fate for one in second] == ["already"] * len(first)
    people = {row["staff_id"]: row["branch_id"] for row in issued.cards.totals}
    for mail in mails(home, "scorecard"):
        page = mail.get_body(("html",))
        assert page is not None
        named = {staff for staff in people if staff in page.get_content()}
        assert len({people[staff] for staff in named}) == 1, "only people of one branch are named"


def test_given_weeks_when_written_and_mailed_then_a_page_a_branch_and_each_head_gets_it_once(
    home: Settings, published: Publication
) -> None:
    pages = write_weeks(home, published)
    assert {str(page): lost for page in pages if (lost := lacking_beside(page))} == {}
    assert {path.suffix for page in pages for path in page.parent.iterdir()} == {".html", ".pdf", ".xlsx"}
    first, second = send_weeks(home, published), send_weeks(home, published)
    assert {one.fate for one in first} == {"sent"}
    assert [one.fate for one in second] == ["already"] * len(first)
    assert len(mails(home, "weekly")) == len(first)
    with pytest.raises(UsageError, match="no branch 'nowhere'"):
        write_weeks(home, published, branch_id="nowhere")


@pytest.fixture
def smtp() -> Iterator[Loopback]:
    with loopback_smtp() as server:
        yield server


@pytest.fixture
def copied(home: Settings, published: Publication, copy_of: CopySettings, smtp: Loopback) -> Settings:
    """The bank before anybody was mailed, and a real mail server."""
    copied = copy_of(home).model_copy(update={"smtp_url": smtp.url})
    with open_desk(copied).begin() as connection:
        connection.execute(delete(outbox))
    return copied


Send = Callable[[Settings, Publication], list[Told]]
SENDERS = pytest.mark.parametrize("send", [send_weeks, send_scorecards])


@SENDERS
def test_given_a_line_that_breaks_after_the_text_when_mailed_again_then_nobody_gets_it_twice(
    copied: Settings, published: Publication, smtp: Loopback, send: Send
) -> None:
    smtp.handler.behaviour = "drop_after_data"
    first = send(copied, published)
    uncertain = {one.recipient for one in first if one.fate == "uncertain"}
    assert uncertain
    arrived = len(smtp.handler.arrived)
    smtp.handler.behaviour = "accept"
    assert uncertain <= {one.recipient for one in send(copied, published) if one.fate == "uncertain"}
    again = {message_from_bytes(raw, policy=policy.default)["Message-ID"] for raw in smtp.handler.arrived[arrived:]}
    before = {message_from_bytes(raw, policy=policy.default)["Message-ID"] for raw in smtp.handler.arrived[:arrived]}
    assert not again & before


@SENDERS
def test_given_a_server_that_is_away_when_it_is_back_then_what_waits_leaves_by_the_outbox(
    copied: Settings, published: Publication, smtp: Loopback, send: Send
) -> None:
    told = send(copied.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"}), published)
    assert {one.fate for one in told} == {"deferred"}
    assert {one.outcome.fate for one in send_waiting(copied, published)} == {"sent"}
    assert {one.fate for one in send(copied, published)} == {"already"}
    assert len(smtp.handler.arrived) == len(told)


def test_given_a_letter_that_cannot_be_made_when_mailed_then_all_others_leave_and_the_end_names_it(
    copied: Settings, published: Publication, smtp: Loopback
) -> None:
    def fails() -> tuple[str, str, str]:
        raise ValueError("a page that cannot be drawn")

    made = [
        Letter(f"{WEEKLY}{name}", "B1", "en", Mailboxes((f"{name}@bank.example",)), make)
        for name, make in (("first", fails), ("second", lambda: ("subject", "text", "<p>text</p>")))
    ]
    with pytest.raises(Unrendered, match=r"1 of 2 mails .* weekly:first of branch B1 \(ValueError\)"):
        send_letters(copied, published, made)
    assert len(smtp.handler.arrived) == 1


def test_given_the_same_scorecards_of_another_night_when_mailed_then_nobody_gets_them_again(
    copied: Settings, published: Publication, source: str, smtp: Loopback
) -> None:
    first = send_scorecards(copied, published)
    later = publish_night(copied, D + timedelta(days=1), source).publication
    assert later.business_date > published.business_date
    again = send_scorecards(copied, later)
    assert {one.fate for one in again} == {"already"}
    assert len(smtp.handler.arrived) == len(first)


def test_given_somebody_who_left_and_a_branch_without_figures_by_mail_then_neither_gets_a_scorecard(
    copied: Settings, published: Publication, issued: Issued, smtp: Loopback
) -> None:
    assert {"S2", "S9"} <= {row["staff_id"] for row in issued.cards.totals}
    told = send_scorecards(copied, published)
    assert "s9@bank.example" not in {one.recipient for one in told}
    found = [message_from_bytes(raw, policy=policy.default) for raw in smtp.handler.arrived]
    (link,) = [mail for mail in found if mail["To"] == "s2@bank.example"]
    assert str(copied.home / "scorecard" / "2026Q1") in link.get_body(("plain",)).get_content()
    assert "<table" not in link.get_body(("html",)).get_content()


def test_given_a_week_that_was_mailed_and_no_list_then_no_list_counts_as_sent(
    copied: Settings, published: Publication
) -> None:
    assert send_weeks(copied, published)
    (night,) = plan(copied, D, D)
    assert night.lists_sent == 0
    with open_desk(copied).connect() as connection:
        assert received(connection, copied, published, {}) == {}


def mails(settings: Settings, subject: str) -> list[EmailMessage]:
    found = []
    for path in sorted((settings.home / "mail").glob("*.eml")):
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        if isinstance(mail, EmailMessage) and f".{subject}%3A" in str(mail["Message-ID"]):
            found.append(mail)
    return found
