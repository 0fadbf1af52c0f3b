"""A project's review from the night's draft to its approval: prepared whole or not at all, approved by another person,
its conditions tasks and stops, and what has changed since told."""

import csv
import datetime
import io
import json
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hand_bank import D, reviewing_bank, write_sqlite
from night_runs import CopySettings, show_night
from sqlalchemy import select

from nightdesk.desk import audit
from nightdesk.desk.database import open_desk
from nightdesk.desk.only_added import entry
from nightdesk.entering import decision, esg_review
from nightdesk.entering.decision import decide
from nightdesk.entering.esg_review import meet, prepare
from nightdesk.entering.refusing import Wanted
from nightdesk.errors import Refused, UsageError
from nightdesk.night.review_asked import reviews_due, write_review
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = datetime.timedelta(days=1)
PERIOD = datetime.date(2025, 12, 31)
KEY = f"P1:{PERIOD}"
WRITTEN = """
verdict: conditional
judgement: "=1+1 <b>鸟类监测</b>须补报"
next_review_on: 2026-06-30
consultant_on: 2026-03-02
conditions:
  - {id: fence, condition: "补办许可 =cmd()", due_on: 2026-04-08, before_draw: true}
  - {id: public, condition: 公示申诉渠道}
"""


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime.datetime) -> None:
    for module in (audit, decision, esg_review):
        monkeypatch.setattr(module, "now", lambda: instant.astimezone(datetime.UTC))


def noon_after(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day + ONE_DAY, datetime.time(12), ZONE)


class Signing:
    """The bank after the night's draft (D), the prepared review (D + 1) and the approved one (D + 2): each night is run
    once somebody looks at it."""

    def __init__(self, night: tuple[Settings, str], copy_of: CopySettings, folder: Path) -> None:
        self.drafted, self.source = night
        self._copy_of, self._folder = copy_of, folder
        self.file = folder / "review.yaml"
        self.file.write_text(WRITTEN, encoding="utf-8")

    @cached_property
    def prepared(self) -> Settings:
        made = self._copy_of(self.drafted)
        with pytest.MonkeyPatch.context() as patch:
            at(patch, noon_after(D))
            assert prepare(made, "P1", PERIOD, self.file, "E1").is_new
            show_night(made, D + ONE_DAY, self.source, "esg", "digest")
        return made

    @cached_property
    def returned(self) -> Settings:
        made = self._copy_of(self.prepared)
        with pytest.MonkeyPatch.context() as patch:
            at(patch, noon_after(D + ONE_DAY))
            decide(made, Wanted("esg_review", KEY, "reject", "E2", note="补报鸟类监测"))
            show_night(made, D + 2 * ONE_DAY, self.source, "esg", "digest")
        return made

    @cached_property
    def approved(self) -> Settings:
        made = self._copy_of(self.prepared)
        later = reviewing_bank()
        later["permit"][0]["expires_on"] = D  # and nobody filed for it
        with pytest.MonkeyPatch.context() as patch:
            at(patch, noon_after(D + ONE_DAY))
            decide(made, Wanted("esg_review", KEY, "approve", "E2", note="同意"))
            show_night(made, D + 2 * ONE_DAY, write_sqlite(later, self._folder / "later.db"), "esg")
        return made


@pytest.fixture(scope="module")
def signing(
    reviewing_night: tuple[Settings, str], copy_of: CopySettings, tmp_path_factory: pytest.TempPathFactory
) -> Signing:
    return Signing(reviewing_night, copy_of, tmp_path_factory.mktemp("signing"))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, noon_after(D + 2 * ONE_DAY))


def rows(settings: Settings, table: str, day: datetime.date) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(export(settings, table, day, "csv", None)))))


def entered(settings: Settings) -> list[dict[str, str]]:
    with open_desk(settings).connect() as connection:
        return [json.loads(row) for row in connection.scalars(select(entry.c.row).order_by(entry.c.entry_id))]


def shown(settings: Settings, day: datetime.date) -> set[str]:
    return {path.name for path in (settings.out / str(day) / "esg").iterdir()}


def states(settings: Settings, day: datetime.date) -> dict[str, str]:
    return {row["period_end"]: row["state"] for row in rows(settings, "esg_review", day)}


def test_given_no_review_when_the_night_runs_then_it_drafts_one_of_the_last_quarter(signing: Signing) -> None:
    (draft,) = rows(signing.drafted, "esg_review", D)
    assert (draft["period_end"], draft["state"], draft["verdict"], draft["prepared_by"]) == (
        "2026-03-31",
        "drafted",
        "",
        "",
    )


def test_given_a_review_that_waits_for_a_person_then_it_is_printed_and_a_draft_that_nobody_has_on_a_list_is_not(
    signing: Signing,
) -> None:
    assert shown(signing.drafted, D) == {"P1.html"}
    assert shown(signing.prepared, D + ONE_DAY) == {"P1.html", "P1.pdf"}


def test_given_a_review_that_somebody_prepared_then_the_next_night_has_it_with_the_facts_and_the_trail_says_so(
    signing: Signing,
) -> None:
    after = D + ONE_DAY
    assert states(signing.prepared, after) == {"2025-12-31": "prepared", "2026-03-31": "drafted"}
    review = rows(signing.prepared, "esg_review", after)[0]
    assert (review["verdict"], review["prepared_by"], review["facts_on"], review["next_review_on"]) == (
        "conditional", "E1", str(D), "2026-06-30",
    )  # fmt: skip
    assert review["judgement"] == "=1+1 <b>鸟类监测</b>须补报"
    assert [row["is_binding"] for row in rows(signing.prepared, "review_condition", after)] == ["false", "false"]
    assert not [row for row in rows(signing.prepared, "task", after) if row["kind"] == "esg_condition"]
    with open_desk(signing.prepared).connect() as connection:
        found = audit.rows(connection, act="prepared")
        audit.verify(connection)
    assert {(row.who, row.subject_key) for row in found} == {("E1", KEY)}


def test_given_a_review_that_waits_for_its_approval_then_it_stands_wherever_who_approves_looks_until_it_is_decided(
    signing: Signing,
) -> None:
    after = D + ONE_DAY
    (waiting,) = [row for row in reviews_due(signing.prepared, after) if row["kind"] == "approval"]
    assert (waiting["project_id"], waiting["period_end"], waiting["state"]) == ("P1", PERIOD, "open")
    assert (waiting["event_on"], waiting["due_on"] > after) == (after, True)
    (listed,) = rows(signing.prepared, "portfolio_approval_waiting", after)
    assert (listed["subject_key"], listed["prepared_by_name"], listed["verdict"]) == (KEY, "王审", "conditional")
    assert rows(signing.prepared, "portfolio_headline", after)[0]["reviews_waiting"] == "1"
    assert KEY in (signing.prepared.out / str(after) / "digest.html").read_text(encoding="utf-8")
    assert not [row for row in rows(signing.prepared, "task", after) if row["subject"].endswith("|approval")]
    decided = D + 2 * ONE_DAY
    assert "approval" not in {row["kind"] for row in reviews_due(signing.approved, decided)}
    assert rows(signing.approved, "portfolio_headline", decided)[0]["reviews_waiting"] == "0"


@pytest.mark.long
def test_given_a_review_that_was_sent_back_then_it_stands_wherever_it_is_looked_for_with_who_did_and_when(
    signing: Signing,
) -> None:
    sent_on = D + 2 * ONE_DAY
    (waiting,) = [row for row in reviews_due(signing.returned, sent_on) if row["period_end"]]
    assert (waiting["kind"], waiting["period_end"], waiting["asked_by"]) == ("rework", PERIOD, "E2")
    assert (waiting["event_on"], waiting["state"]) == (sent_on, "open")
    (listed,) = rows(signing.returned, "portfolio_rework_waiting", sent_on)
    assert (listed["subject_key"], listed["returned_by_name"], listed["returned_on"], listed["note"]) == (
        KEY, "李核", str(sent_on), "补报鸟类监测",
    )  # fmt: skip
    figures = rows(signing.returned, "portfolio_headline", sent_on)[0]
    assert (figures["reviews_waiting"], figures["reviews_returned"]) == ("0", "1")
    shown_to_head_office = (signing.returned.out / str(sent_on) / "digest.html").read_text(encoding="utf-8")
    page = (signing.returned.out / str(sent_on) / "esg" / "P1.html").read_text(encoding="utf-8")
    assert KEY in shown_to_head_office
    assert f"2025-12-31 期，李核 {sent_on} 退回" in page
    assert shown(signing.returned, sent_on) == {"P1.html", "P1.pdf"}


@pytest.mark.long
def test_given_a_review_that_was_sent_back_then_another_than_its_preparer_closes_it_and_nobody_waits_for_it_any_more(
    signing: Signing, copy_of: CopySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="only a review that was sent back can be closed"):
        decide(signing.prepared, Wanted("esg_review", KEY, "close", "E2"))
    desk = copy_of(signing.returned)
    before = len(entered(desk))
    with pytest.raises(Refused, match="waits to be prepared anew"):
        decide(desk, Wanted("esg_review", KEY, "approve", "E2"))
    with pytest.raises(Refused, match="whoever asks does not decide"):
        decide(desk, Wanted("esg_review", KEY, "close", "E1"))
    assert len(entered(desk)) == before
    assert decide(desk, Wanted("esg_review", KEY, "close", "R1", note="项目已转让")).is_new
    closed_on = D + 3 * ONE_DAY
    at(monkeypatch, noon_after(closed_on))
    show_night(desk, closed_on, signing.source, "esg", "digest")
    assert not [row for row in reviews_due(desk, closed_on) if row["period_end"]]
    assert rows(desk, "portfolio_rework_waiting", closed_on) == []
    assert rows(desk, "portfolio_headline", closed_on)[0]["reviews_returned"] == "0"
    review = next(row for row in rows(desk, "esg_review", closed_on) if row["period_end"] == str(PERIOD))
    assert (review["state"], review["closed_by"], review["note"]) == ("drafted", "R1", "项目已转让")
    assert KEY not in (desk.out / str(closed_on) / "digest.html").read_text(encoding="utf-8")
    with pytest.raises(Refused, match="has no esg_review"):
        decide(desk, Wanted("esg_review", KEY, "close", "E2"))


def test_given_the_preparer_when_approving_then_refused_with_who_else_may_and_nothing_is_signed(
    signing: Signing, copy_of: CopySettings
) -> None:
    desk = copy_of(signing.prepared)
    before = len(entered(desk))
    with pytest.raises(Refused, match=r"whoever asks does not decide. Who may decide: E2 \(esg\), R1 \(risk\)"):
        decide(desk, Wanted("esg_review", KEY, "approve", "E1"))
    with pytest.raises(Refused, match="the role of S1 may not give approve"):
        decide(desk, Wanted("esg_review", KEY, "approve", "S1"))
    assert len(entered(desk)) == before


def test_given_a_review_that_was_prepared_anew_since_the_night_then_nobody_approves_what_no_page_shows(
    signing: Signing, copy_of: CopySettings, tmp_path: Path
) -> None:
    desk, other = copy_of(signing.prepared), tmp_path / "other.yaml"
    other.write_text("verdict: pass\njudgement: all is well\n", encoding="utf-8")
    prepare(desk, "P1", PERIOD, other, "E1")
    with pytest.raises(Refused, match="was entered anew since the newest published night"):
        decide(desk, Wanted("esg_review", KEY, "approve", "E2"))
    withdrawn = [row for row in entered(desk) if row.get("withdrawn_on")]
    assert {row["condition_id"] for row in withdrawn} == {f"{KEY}:fence", f"{KEY}:public"}


@pytest.mark.long
def test_given_an_approved_review_whose_facts_changed_then_the_night_says_so_and_conditions_are_tasks_and_stops(
    signing: Signing,
) -> None:
    after = D + 2 * ONE_DAY
    assert shown(signing.approved, after) == {"P1.html", "P1.pdf"}  # signed, and a fact is another since
    assert states(signing.approved, after) == {"2025-12-31": "approved", "2026-03-31": "drafted"}
    review = rows(signing.approved, "esg_review", after)[0]
    assert (review["approved_by"], review["note"], review["has_changed"]) == ("E2", "同意", "true")
    (task,) = [row for row in rows(signing.approved, "task", after) if row["kind"] == "esg_condition"]
    assert (task["subject"], task["due_on"]) == (f"{KEY}:fence", "2026-04-08")
    gate = {row["item"]: row["verdict"] for row in rows(signing.approved, "draw_gate", after)}
    assert gate["esg_conditions"] == "fail"
    assert {row["item"]: row["verdict"] for row in rows(signing.prepared, "draw_gate", D + ONE_DAY)}[
        "esg_conditions"
    ] == "not_assessed", "a review that waits for its approval sets no conditions, and none is approved"


@pytest.mark.long
def test_given_the_pages_of_an_approved_review_then_they_name_what_changed_and_markup_is_text(
    signing: Signing, tmp_path: Path
) -> None:
    page, paper = write_review(signing.approved, "P1", PERIOD, tmp_path, "en")
    html = page.read_text(encoding="utf-8")
    assert paper.read_bytes().startswith(b"%PDF")
    assert "Against the review signed as of 2025-12-31" in html
    assert "Expired 2026-03-31" in html
    assert "=1+1 &lt;b&gt;鸟类监测&lt;/b&gt;须补报" in html
    assert "李核 (E2)" in html
    with pytest.raises(UsageError, match=r"no review of P1 as of 2020-01-01. There are: 2025-12-31, 2026-03-31"):
        write_review(signing.approved, "P1", datetime.date(2020, 1, 1), tmp_path, "en")
    with pytest.raises(UsageError, match="knows no project 'P9'"):
        write_review(signing.approved, "P9", None, tmp_path, "en")


@pytest.mark.long
def test_given_a_consultants_report_that_an_approved_review_relies_on_then_such_reviews_are_counted_from_it(
    signing: Signing,
) -> None:
    before = {row["kind"]: row for row in rows(signing.prepared, "esg_due", D + ONE_DAY)}
    after = {row["kind"]: row for row in rows(signing.approved, "esg_due", D + 2 * ONE_DAY)}
    assert before["consultant"]["state"] == "not_assessed"
    assert (after["consultant"]["done_on"], after["consultant"]["due_on"]) == ("2026-03-02", "2026-06-30")
    due = reviews_due(signing.approved, D + 2 * ONE_DAY)
    assert "consultant" in {row["kind"] for row in due}
    assert all(row["state"] in ("overdue", "open") for row in due)


@pytest.mark.long
def test_given_an_approved_review_then_it_is_not_edited_and_its_condition_is_met_once(
    signing: Signing, copy_of: CopySettings
) -> None:
    desk = copy_of(signing.approved)
    with pytest.raises(Refused, match="the review as of 2025-12-31 is approved, and stands"):
        prepare(desk, "P1", PERIOD, signing.file, "E1")
    with pytest.raises(Refused, match="S1 may not prepare a review"):
        meet(desk, f"{KEY}:fence", D, "EV-1", "S1")
    with pytest.raises(Refused, match=r"has no condition 'P1:2025-12-31:gone'"):
        meet(desk, f"{KEY}:gone", D, "EV-1", "E1")
    assert meet(desk, f"{KEY}:fence", D, "EV-1", "E1")
    assert not meet(desk, f"{KEY}:fence", D, "EV-1", "E1")
    (met,) = [row for row in entered(desk) if row.get("met_on")]
    assert (met["condition"], met["met_on"], met["evidence_id"]) == ("补办许可 =cmd()", str(D), "EV-1")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("verdict: [", "it is no YAML"),
        ("- a\n", "the file is no list of fields"),
        ("judgement: fine\n", "verdict is missing"),
        ("verdict: maybe\njudgement: x\n", "verdict is not on its list. Choose one of: pass, conditional, fail"),
        ("verdict: pass\njudgement: x\nscore: 99\n", "there is no field score"),
        ("verdict: pass\njudgement: x\nfacts: y\n", "there is no field facts"),
        ("verdict: pass\njudgement: {a: 1}\n", "judgement is no text"),
        ("verdict: pass\njudgement: x\nnext_review_on: soon\n", "next_review_on is not of its type"),
        ("verdict: pass\njudgement: x\nconditions: [{due_on: 2026-01-01}]\n", "condition 1 says nothing"),
        (
            "verdict: pass\njudgement: x\nconditions: [{id: a, condition: y}, {id: a, condition: z}]\n",
            "of an earlier one",
        ),
        ("verdict: pass\njudgement: x\nconditions: [{id: '../a', condition: y}]\n", "is not of at most 20 letters"),
        ("verdict: pass\njudgement: x\nconditions: [{condition: y, before_draw: perhaps}]\n", "is_before_draw"),
        ("verdict: conditional\njudgement: x\n", "verdict is conditional, and conditions names none"),
        ("verdict: conditional\njudgement: x\nconditions: []\n", "verdict is conditional, and conditions names none"),
        (f"verdict: pass\njudgement: {'x' * 4001}\n", "judgement is longer than 4000 letters"),
    ],
)
def test_given_a_file_that_will_not_do_then_one_line_says_why_and_nothing_is_entered(
    signing: Signing, copy_of: CopySettings, tmp_path: Path, written: str, said: str
) -> None:
    desk, file = copy_of(signing.drafted), tmp_path / "bad.yaml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(Refused, match=said):
        prepare(desk, "P1", PERIOD, file, "E1")
    assert entered(desk) == []


@pytest.mark.parametrize(
    ("project", "period", "by", "said"),
    [
        ("P9", PERIOD, "E1", r"has no project 'P9'"),
        ("P1", D + ONE_DAY, "E1", "the period ends after the newest published night"),
        ("P1", PERIOD, "S1", r"S1 may not prepare a review. Who may: E1 \(esg\), E2 \(esg\)"),
        ("P1", PERIOD, "X9", "X9 may not prepare a review"),
    ],
)
def test_given_a_project_period_or_person_that_will_not_do_then_nothing_is_entered(
    signing: Signing, copy_of: CopySettings, project: str, period: datetime.date, by: str, said: str
) -> None:
    desk = copy_of(signing.drafted)
    with pytest.raises(Refused, match=said):
        prepare(desk, project, period, signing.file, by)
    assert entered(desk) == []


def test_given_the_same_review_again_then_it_is_entered_once(signing: Signing, copy_of: CopySettings) -> None:
    desk = copy_of(signing.drafted)
    first = prepare(desk, "P1", PERIOD, signing.file, "E1")
    again = prepare(desk, "P1", PERIOD, signing.file, "E1")
    assert (first.is_new, again.is_new, again.facts_hash) == (True, False, first.facts_hash)
    assert len(entered(desk)) == 3
