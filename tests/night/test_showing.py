"""`out/<date>` shows one published revision, whole: while the next is rendered, after a kill, after a held rerun."""

import email
import json
import sqlite3
from pathlib import Path

import pytest
from hand_bank import D, ten_clients, write_sqlite
from night_runs import MakeSettings

from nightdesk.attempt.opening import open_night
from nightdesk.desk.publication import Publication
from nightdesk.errors import HeldNight, Unrendered
from nightdesk.models import COMPUTED
from nightdesk.night.checking import check
from nightdesk.night.computing import compute
from nightdesk.night.extraction import extract
from nightdesk.night.mailing import send_lists
from nightdesk.night.pages import render_branches, render_night, render_pages, show_revision
from nightdesk.night.publishing import publish
from nightdesk.night.whole import run_night
from nightdesk.reading.morning import look
from nightdesk.reading.showing import is_shown, revision_folder
from nightdesk.settings import Settings

pytestmark = pytest.mark.long


class Bank:
    """A bank whose night of D is published, rendered and mailed, and which each test revises further."""

    def __init__(self, settings: Settings, path: Path) -> None:
        self.settings, self.path = settings, path
        self.source = write_sqlite(ten_clients(), path)
        self.last = run_night(settings, D, source=self.source, send=True).publication

    @property
    def shown(self) -> Path:
        return self.settings.out / str(D)

    def execute(self, statement: str) -> None:
        with sqlite3.connect(self.path) as connection:
            connection.execute(statement)

    def change(self) -> None:
        """Something that the next run's results differ by."""
        self.execute("update loan set outstanding_amt = outstanding_amt + 1000 where loan_id = 'L04'")

    def run(self, *, is_sent: bool = False) -> Publication:
        """The night again, from open to render."""
        self.last = run_night(self.settings, D, source=self.source, send=is_sent, restate=is_sent).publication
        return self.last

    def published_only(self) -> Publication:
        """The night up to its publication: where a kill leaves it before anything is rendered."""
        night = open_night(self.settings, D, source=self.source)
        extract(night, self.source)
        check(night)
        for layer in COMPUTED:
            compute(night, layer)
        self.last = publish(night)[0]
        return self.last

    def not_rendered(self) -> list[str | None]:
        """Which branches' lists the morning's question finds not rendered."""
        return [gap.branch_id for gap in look(self.settings, D).missing if gap.state == "not_rendered"]

    def mails(self) -> list[str]:
        """Names of the mails of the last revision."""
        return sorted(path.name for path in (self.settings.home / "mail").glob(f"*r{self.last.revision}*.eml"))


@pytest.fixture(scope="module")
def bank(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return Bank(fresh_settings(), tmp_path_factory.mktemp("bank") / "bank.db")


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _revisions_told(folder: Path) -> set[int]:
    """Which revisions the files of a folder speak of."""
    twins = [folder / "quality.json", *folder.glob("mail/*/mail.json")]
    return {json.loads(path.read_text(encoding="utf-8"))["revision"] for path in twins}


def test_given_a_next_revision_when_it_is_rendered_piece_by_piece_then_readers_see_the_old_one_until_all_of_it_is_there(
    bank: Bank,
) -> None:
    first, opened, before = bank.last, bank.shown.resolve(), _files(bank.shown)
    bank.change()
    second = bank.published_only()
    assert second.revision == first.revision + 1

    # killed between publish and render
    assert _revisions_told(bank.shown) == {first.revision}
    assert bank.not_rendered() == ["B1", "B2"]
    render_branches(bank.settings, second, ["B1"])
    render_pages(bank.settings, second)
    assert _files(bank.shown) == before, "half of a revision shows nothing"

    render_branches(bank.settings, second, ["B2"])
    assert show_revision(bank.settings, second) == []
    assert is_shown(bank.settings, second)
    assert not is_shown(bank.settings, first)
    assert _revisions_told(bank.shown) == {second.revision}
    assert _files(opened) == before, "who had opened the one before still reads it, whole"
    assert bank.not_rendered() == []


def test_given_more_revisions_when_shown_then_the_last_two_stay_and_old_links_lead_to_what_is_shown(
    bank: Bank,
) -> None:
    link = Path("branch") / "B1" / "list.html"
    old = revision_folder(bank.settings, bank.last) / link
    assert old.read_bytes() == (bank.shown / link).read_bytes()
    for _ in range(2):
        bank.change()
        last = bank.run()
    beside = [path.name for path in revision_folder(bank.settings, last).parent.iterdir() if not path.is_symlink()]
    assert sorted(int(name.partition("-")[0]) for name in beside) == [last.revision - 1, last.revision]
    assert old.read_bytes() == (bank.shown / link).read_bytes(), "a mail's link still opens"


def test_given_an_older_revision_when_it_comes_late_then_it_is_not_shown_over_the_newer(bank: Bank) -> None:
    older = bank.last
    bank.change()
    newer = bank.run()
    render_night(bank.settings, older)
    assert is_shown(bank.settings, newer)
    assert _revisions_told(bank.shown) == {newer.revision}


def test_given_a_rerun_that_is_held_when_readers_look_then_the_published_night_is_untouched_and_its_page_lies_beside(
    bank: Bank,
) -> None:
    before = _files(bank.shown)
    bank.execute("create table control_total (table_name text, business_date text, row_count int, amount_sum real)")
    bank.execute(f"insert into control_total values ('loan', '{D}', 99, 1.0)")
    with pytest.raises(HeldNight, match=rf"{D}\.held"):
        bank.run()
    assert _files(bank.shown) == before
    held = bank.settings.out / f"{D}.held"
    assert json.loads((held / "quality.json").read_text(encoding="utf-8"))["held"]
    bank.execute("drop table control_total")
    bank.change()
    bank.run()
    assert not held.exists(), "a later revision has answered it"


def test_given_a_rerun_that_was_held_when_the_next_one_changes_nothing_then_its_page_does_not_outlive_the_hold(
    bank: Bank,
) -> None:
    standing = bank.run()
    bank.execute("create table control_total (table_name text, business_date text, row_count int, amount_sum real)")
    bank.execute(f"insert into control_total values ('loan', '{D}', 99, 1.0)")
    with pytest.raises(HeldNight):
        bank.run()
    held = bank.settings.out / f"{D}.held"
    assert held.exists()
    bank.execute("drop table control_total")
    assert bank.run().revision == standing.revision
    assert is_shown(bank.settings, standing)
    assert not held.exists()


def test_given_one_list_that_cannot_be_rendered_when_the_night_runs_then_all_others_are_shown_and_mailed(
    bank: Bank,
) -> None:
    bank.change()
    blocked = revision_folder(bank.settings, bank.published_only()) / "branch" / "B1"
    blocked.parent.mkdir(parents=True)
    blocked.touch()  # where the folder of its list belongs
    with pytest.raises(Unrendered, match=rf"1 of 2 lists of {D} could not be made: B1 \("):
        bank.run(is_sent=True)
    assert (bank.shown / "branch" / "B2" / "list.html").exists()
    assert json.loads((bank.shown / "not_rendered.json").read_text(encoding="utf-8")) == ["B1"]
    assert bank.not_rendered() == ["B1"]
    assert [".B2." in name for name in bank.mails()] == [True]

    blocked.unlink()
    bank.run(is_sent=True)
    assert not (bank.shown / "not_rendered.json").exists()
    assert bank.not_rendered() == []
    assert [name for name in bank.mails() if ".B1." in name]
    assert len(bank.mails()) == 2


def test_given_a_plain_folder_of_an_older_version_when_a_night_is_rendered_then_it_becomes_the_previous_revision(
    bank: Bank,
) -> None:
    kept = bank.shown.resolve()
    bank.shown.unlink()
    kept.rename(bank.shown)  # as it lay before revisions had folders
    assert is_shown(bank.settings, bank.last)
    assert bank.not_rendered() == []
    before, told = _files(bank.shown), bank.last.revision
    bank.change()
    bank.run()
    assert _revisions_told(bank.shown) == {told + 1}
    assert _files(kept.with_name(f"{told}-before")) == before


def test_given_rendered_lists_when_mailed_then_they_are_read_back_and_only_what_was_changed_is_rendered_again(
    bank: Bank,
) -> None:
    bank.change()
    folder = revision_folder(bank.settings, bank.run())
    stamps = {path: path.stat().st_mtime_ns for path in folder.glob("branch/*/*")}
    lists = {path: path.read_bytes() for path in stamps}
    (folder / "branch" / "B2" / "list.txt").write_text("tampered with", encoding="utf-8")
    send_lists(bank.settings, bank.last, restate=True)
    assert {path: path.read_bytes() for path in stamps} == lists
    again = {path.parent.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert again == {"B2"}
    mail = email.message_from_bytes(
        next(path.read_bytes() for path in (bank.settings.home / "mail").glob(f"*B2*r{bank.last.revision}*.eml"))
    )
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk()}
    assert parts["text/plain"].replace(b"\r\n", b"\n").strip() == lists[folder / "branch/B2/list.txt"].strip()
    (workbook,) = (content for kind, content in parts.items() if "spreadsheet" in kind)
    assert workbook == lists[folder / "branch/B2/list.xlsx"]
