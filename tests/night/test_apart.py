"""N x N on a demo bank: no file of a branch or a person, of whatever kind, has a sign of another branch's client."""

import email
import email.policy
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from night_runs import MakeSettings, publish_night
from pypdf import PdfReader
from typer.testing import CliRunner

from nightdesk.cli import app
from nightdesk.desk.publication import Publication
from nightdesk.night.scorecards import issue_scorecards
from nightdesk.night.weekly import write_weeks
from nightdesk.night.whole import run_night
from nightdesk.policy import policy
from nightdesk.reading.digest import digest_input
from nightdesk.reading.published_night import PublishedNight, branch_makers
from nightdesk.render.branch_view import branch_view
from nightdesk.settings import Settings
from nightdesk_lab.demo_bank import generate

pytestmark = [pytest.mark.slow, pytest.mark.long]

NIGHT = date(2026, 10, 15)
#: before the leave begins that the demo bank's first manager is on by NIGHT: the calendar has what is another's since
BEFORE = NIGHT - timedelta(days=3)
#: folders of a night that are looked through below; what is of the whole bank is head office's alone
_FOLDERS, _OF_ALL = {"branch", "mail", "client", "person", "esg"}, {"portfolio"}
#: ids as the demo bank writes them: letters and digits
_ID = re.compile(r"\b[A-Z]{1,4}\d{5,9}\b")
#: a name that is as long is no word of a sentence
_LONG = 5
#: whose mail a Message-ID is of
_OF = re.compile(r"\.(B\d{3})\.([^.]+)\.r\d")


@dataclass(frozen=True)
class Bank:
    """Whose an id or a name is: the branch by id, and by name where only one branch has it; offices above."""

    ids: dict[str, str]
    names: dict[str, str]
    projects: dict[str, str]
    clients: dict[str, str]
    staff: dict[str, str]
    above: dict[str, str | None]

    def with_below(self, branch: str) -> set[str]:
        """A branch and all that are below it."""
        return {branch}.union(*(self.with_below(one) for one, office in self.above.items() if office == branch))

    def strange(self, text: str, branches: set[str], *, is_named: bool = True) -> set[str]:
        """Signs of the clients of other branches in a text."""
        found = {sign for sign in _ID.findall(text) if sign in self.ids and self.ids[sign] not in branches}
        if is_named:
            found |= {name for name, at in self.names.items() if at not in branches and name in text}
        return found


@dataclass(frozen=True)
class Written:
    """A home with two nights, the later one's pages and mails, and all that is asked for by hand."""

    settings: Settings
    before: Publication
    publication: Publication
    bank: Bank

    @property
    def out(self) -> Path:
        return self.settings.out / str(NIGHT)


def texts(content: bytes, name: str) -> Iterator[str]:
    """Every text of a file: parts and properties of a workbook, pages and properties of a PDF, headers of a mail, lines
    of a calendar as they were before they were folded."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from (packed.read(part).decode("utf-8", "replace") for part in packed.namelist())
    elif content.startswith(b"%PDF"):
        read = PdfReader(io.BytesIO(content))
        yield str(read.metadata)
        yield from (page.extract_text() for page in read.pages)
    elif name.endswith(".eml"):
        mail = email.message_from_bytes(content, policy=email.policy.default)
        yield str(mail.items())
        for part in mail.walk():
            inner = part.get_payload(decode=True)
            if isinstance(inner, bytes):
                yield from texts(inner, part.get_filename() or "")
    elif name.endswith(".ics"):
        yield content.decode("utf-8", "replace").replace("\r\n ", "")
    else:
        yield content.decode("utf-8", "replace")


def bank_of(path: Path) -> Bank:
    with sqlite3.connect(path) as db:
        clients = dict(db.execute("select client_id, branch_id from client"))
        ids = dict(clients)
        for table, key in (("loan", "loan_id"), ("account", "account_id"), ("project", "project_id")):
            rows = db.execute(f"select distinct {key}, client_id from {table}")
            ids |= {one: clients[client] for one, client in rows if client in clients}
        staff = dict(db.execute("select staff_id, branch_id from staff"))
        people = {name for (name,) in db.execute("select name from staff")}
        named: dict[str, set[str]] = {}
        # persons are shortened, and one's short name is another's
        companies = "select name, short_name, branch_id from client where not is_natural_person"
        for name, short, branch in db.execute(companies):
            for one in (name, short):
                if one and len(one) >= _LONG and one not in people:
                    named.setdefault(one, set()).add(branch)
        above = dict(db.execute("select branch_id, parent_branch_id from branch"))
        projects = {one: clients[client] for one, client in db.execute("select project_id, client_id from project")}
    alone = {name: next(iter(at)) for name, at in named.items() if len(at) == 1}
    # a name within another one is heard where that one is
    names = {
        name: at
        for name, at in alone.items()
        if not any(name in other and where != at for other, where in alone.items() if other != name)
    }
    return Bank(ids, names, projects, clients, staff, above)


@pytest.fixture(scope="module")
def written(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Written:
    settings, path = fresh_settings(), tmp_path_factory.mktemp("apart") / "bank.db"
    generate(f"sqlite:///{path}", clients=240, months=13, until=NIGHT, branches=3, projects=8, txn_per_client=120)
    source = f"sqlite:///{path}"
    before = publish_night(settings, BEFORE, source).publication
    publication = run_night(settings, NIGHT, source=source, send=True).publication
    write_weeks(settings, publication)
    issue_scorecards(settings, publication)
    bank = bank_of(path)
    env = {"NIGHTDESK_HOME": str(settings.home), "NIGHTDESK_DESK_URL": str(settings.desk_url)}
    runner = CliRunner(env=env)
    with PublishedNight(settings, publication) as night:
        tied = night.table("signal", "where indicator in ('K05', 'T12', 'T13', 'T14', 'X12', 'K01', 'K03')")
    for client in sorted({str(row["client_id"]) for row in tied})[:4]:
        for words in (["ecosystem", client], ["propose", client], ["brief", client]):
            runner.invoke(app, [*words, "--out", str(settings.home / "asked" / client)])
    return Written(settings, before, publication, bank)


def test_given_a_night_and_all_that_is_asked_of_it_then_no_file_of_a_branch_has_a_sign_of_anothers_client(
    written: Written,
) -> None:
    bank, home = written.bank, written.settings.home
    kinds: dict[str, set[str]] = {}
    heard: set[str] = set()
    strange: list[tuple[str, str]] = []
    escalated: set[str] = set()

    def look(root: Path, kind: str, branch: str | None, *, is_named: bool = True, has_below: bool = False) -> None:
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if not path.is_file() or branch is None:
                continue
            kinds.setdefault(kind, set()).add(path.suffix)
            told = bank.with_below(branch) if has_below else {branch}
            for text in texts(path.read_bytes(), path.name):
                heard.update({branch} if any(bank.ids.get(sign) == branch for sign in _ID.findall(text)) else ())
                strange.extend(
                    (str(path.relative_to(home)), sign) for sign in bank.strange(text, told, is_named=is_named)
                )

    for folder in (written.out / "branch").iterdir():
        look(folder, "list", folder.name)
    for folder in (written.out / "mail").iterdir():
        look(folder, "mail", folder.name)
    for folder in (written.out / "client").iterdir():
        look(folder, "client", bank.clients[folder.name])
    for folder in (home / "asked").iterdir():
        look(folder, "asked", bank.clients[folder.name])
    for folder in (written.out / "person").iterdir():
        look(folder, "person", bank.staff[folder.name])
    for folder in (home / "weekly" / str(NIGHT)).iterdir():
        look(folder, "weekly", folder.name)
    for folder in (home / "scorecard").glob("*/*"):
        look(folder, "scorecard", folder.name)
    for path in (written.out / "esg").iterdir():
        # the parties of a project stand in its own documents; that one of them is a client here is not said
        look(path, "esg", bank.projects.get(path.stem), is_named=False)
    for path in (home / "mail").glob("*.eml"):
        of = _OF.search(str(email.message_from_bytes(path.read_bytes(), policy=email.policy.default)["Message-ID"]))
        assert of is not None, path.name
        if not of[2].startswith("digest"):  # head office is told of all
            # what nobody did is passed on to the office above, and to the one above that
            look(path, "eml", of[1], has_below=of[2].startswith("escalation"))
            escalated.add(of[1] if of[2].startswith("escalation") else "")

    assert {path.name for path in written.out.iterdir() if path.is_dir()} <= _FOLDERS | _OF_ALL, "no other folder"
    assert strange == []
    offices = {branch for branch in bank.staff.values() if branch.startswith("B9")}
    assert heard >= set(bank.clients.values()) - offices, "each branch is told of its own"
    assert kinds["list"] == {".html", ".txt", ".xlsx"}
    assert {".html", ".pdf"} <= kinds["client"] & kinds["asked"]
    assert {".html", ".xlsx"} <= kinds["weekly"] & kinds["scorecard"]
    assert kinds["person"] == {".ics", ".html", ".pdf"}
    assert list(written.out.glob("person/*/handover.html")), "somebody stands in"
    assert any(b"STATUS:CANCELLED" in path.read_bytes() for path in written.out.glob("person/*/calendar.ics"))
    assert {".html", ".pdf"} <= kinds["esg"]
    assert kinds["eml"] == {".eml"}
    assert escalated & set(bank.above.values()), "an office is told of a branch below it"


def test_given_a_persons_mail_and_calendar_then_they_have_no_sign_of_a_colleagues_client(written: Written) -> None:
    own: dict[str, set[str]] = {}
    # what was a person's the night before is called off in the person's calendar
    for publication in (written.before, written.publication):
        with PublishedNight(written.settings, publication) as night:
            for row in night.table("client_owner"):
                for name in ("owner_id", "deputy_id"):
                    own.setdefault(str(row[name]), set()).add(str(row["client_id"]))
    with PublishedNight(written.settings, written.publication) as night:
        for row in night.table("task"):
            own.setdefault(str(row["owner_id"]), set()).add(str(row["client_id"]))
    looked = 0
    for folder in [*written.out.glob("mail/*/person/*"), *written.out.glob("person/*")]:
        person = folder.name
        for path in folder.rglob("*"):
            for text in texts(path.read_bytes(), path.name) if path.is_file() else ():
                named = {sign for sign in _ID.findall(text) if sign in written.bank.clients}
                assert named <= own[person], (str(path), named - own[person])
                looked += len(named)
    assert looked > 0


def test_given_late_tasks_and_proven_reds_then_only_a_kinds_few_a_day_puts_off_and_lists_and_digest_count_the_same(
    written: Written,
) -> None:
    with PublishedNight(written.settings, written.publication) as night:
        told = {row["branch_id"]: row["tasks_overdue"] for row in digest_input(night, night.notes()).branches}
        listed = {branch: branch_view(make()) for branch, make in branch_makers(night).items()}
        tasks = night.table("task")
        unproven = {row["indicator"] for row in night.signals("") if row["is_unproven"]}
        caps = {row["kind"]: row["max_tasks_per_day"] for row in policy()["task_cap"].effective(NIGHT)}
    assert sum(told.values()) > 0
    later = [row for row in tasks if row["is_later"]]
    assert later, "the bank has more to do than its people can"
    late = [row for row in later if (row["late_days"] or 0) > 0]
    for branch, view in listed.items():
        lines = [line for card in view.listed for line in card.lines]
        put_off = sum(row["branch_id"] == branch for row in late)
        assert sum(line.due_state == "late" for line in lines) + put_off == told[branch], branch
        (shown,) = [fact.value for fact in view.figures if fact.label in ("超期任务", "Overdue tasks")]
        assert shown == str(told[branch]), branch
    for row in late:
        alike = [one for one in tasks if all(one[name] == row[name] for name in ("branch_id", "owner_id", "kind"))]
        alike = [one for one in alike if one["status"] in ("open", "acknowledged")]
        assert sum(not one["is_later"] for one in alike) >= caps[row["kind"]], row["task_key"]
    assert [row for row in later if row["severity"] == "red" and row["indicator"] not in unproven] == []
    must = {row["client_id"] for row in tasks if row["is_must_do"]}
    without_card = {card.client.id for view in listed.values() for card in (*view.reds, *view.rest)}
    assert must & without_card == set(), "what must be done has a card"


def test_given_every_branch_then_no_card_that_must_be_done_is_greener_than_one_left_out_and_the_page_keeps_that_order(
    written: Written,
) -> None:
    with PublishedNight(written.settings, written.publication) as night:
        tasks = [row for row in night.table("task") if row["status"] in ("open", "acknowledged")]
        listed = {branch: branch_view(make()) for branch, make in branch_makers(night).items()}
        ranks = {row["colour"]: row["rank"] for row in policy()["colour"].effective(NIGHT)}
        places = {row["place_rule"]: row["place"] for row in policy()["list_place"].effective(NIGHT)}
    grade = {row["client_id"]: max(ranks.get(row["colour"], 1), 1) for row in tasks}
    place: dict[str, int] = {}
    for row in tasks:
        if not row["is_later"]:
            place[row["client_id"]] = min(places[row["place_rule"]], place.get(row["client_id"], 99))
    looked = 0
    for branch, view in listed.items():
        must = [grade[card.client.id] for card in view.must_do]
        by_place = [place[card.client.id] for card in view.must_do]
        assert by_place == sorted(by_place), f"{branch}: the order that the page tells"
        others = {row["client_id"] for row in tasks if row["branch_id"] == branch and not row["is_must_do"]}
        others -= {card.client.id for card in view.must_do}
        if must and others:
            assert min(must) >= max(grade[client] for client in others), branch
            looked += 1
        placed = [*view.must_do, *view.reds, *view.rest]
        assert [card.number for card in placed] == list(range(1, len(placed) + 1)), branch
    assert looked > 0


def test_given_every_planned_visit_then_its_day_is_no_later_than_any_deadline_that_it_can_still_keep(
    written: Written,
) -> None:
    morning = NIGHT + timedelta(days=1)
    with PublishedNight(written.settings, written.publication) as night:
        visits = {row["visit_id"]: row for row in night.table("visit_proposal") if row["state"] == "planned"}
        items = night.table("visit_item")
    assert len(visits) > 1
    assert any(visits[one["visit_id"]]["item_count"] > 1 for one in items)
    for one in items:
        day = visits[one["visit_id"]]["visit_on"]
        assert day >= morning
        assert one["due_on"] < morning or day <= one["due_on"], one


def test_given_the_lists_then_one_fact_is_one_line_and_no_card_says_a_step_twice(written: Written) -> None:
    with PublishedNight(written.settings, written.publication) as night:
        listed = {branch: branch_view(make()) for branch, make in branch_makers(night).items()}
        warned = {(row["client_id"], row["indicator"]) for row in night.table("task") if row["kind"] == "warning"}
        fired = {(row["client_id"], row["indicator"]) for row in night.signals("") if row["told_with"]}
    assert fired, "the bank has signals that tell one thing"
    late = [{client for client, code in warned if code == one} for one in ("P01", "P03")]
    assert late[0]
    assert late[0] & late[1] == set()
    for view in listed.values():
        for card in view.listed:
            deeds = [(one.role, deed) for one in card.todo for deed in one.deeds]
            assert len(deeds) == len(set(deeds)), card.client
