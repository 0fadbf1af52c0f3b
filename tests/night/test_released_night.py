"""A held night that a person releases: it goes on from its checks, says so, and nothing else goes by the release."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hand_bank import Bank, D, days_back, deciding_bank, ten_clients, write_sqlite
from night_runs import CopySettings, MakeSettings
from sqlalchemy import select

from nightdesk.desk import audit
from nightdesk.desk.database import open_desk
from nightdesk.desk.only_added import entry
from nightdesk.desk.tables import attempt, release
from nightdesk.entering.refusing import Wanted
from nightdesk.errors import HeldNight, Refused, SourceError, UsageError
from nightdesk.night.releasing import decide_release, release_night
from nightdesk.night.whole import NightResult, run_night
from nightdesk.ranges.backfilling import run_backfill
from nightdesk.reading.explaining import explain
from nightdesk.reading.exporting import export
from nightdesk.reading.morning import look
from nightdesk.settings import Settings

pytestmark = pytest.mark.long


def without_loans(bank: Bank) -> Bank:
    """Half the loans are gone."""
    left = deepcopy(bank)
    for table in ("loan", "instalment"):
        left[table] = [row for row in left[table] if row["loan_id"] not in ("L03", "L04", "L05")]
    return left


def statuses(settings: Settings) -> list[str]:
    with open_desk(settings).connect() as connection:
        query = select(attempt.c.status).where(attempt.c.business_date == D).order_by(attempt.c.opened_at)
        return list(connection.scalars(query))


def test_given_a_held_night_when_a_person_releases_it_then_it_is_published_without_the_source_and_says_who_and_why(
    eve: Settings, tmp_path: Path
) -> None:
    settings = eve
    shrunk = Path(write_sqlite(without_loans(ten_clients()), tmp_path / "shrunk.db").removeprefix("sqlite:///"))
    with pytest.raises(HeldNight, match="nightdesk release --date 2026-03-31"):
        run_night(settings, D, source=f"sqlite:///{shrunk}")
    shrunk.rename(tmp_path / "away.db")
    other = write_sqlite(
        {name: rows for name, rows in ten_clients().items() if name != "client"}, tmp_path / "other.db"
    )
    with pytest.raises(SourceError, match="the required table 'client' is missing"):
        run_night(settings, D, source=other)
    assert statuses(settings) == ["held", "failed"], "a retry that fails takes nobody's decision away"
    assert "; before it, held: the night of 2026-03-31 is held" in look(settings, D).last_attempt

    for by, reason in (("", "sold"), ("Chen", " ")):
        with pytest.raises(UsageError, match="needs a name and a reason"):
            release_night(settings, D, by=by, reason=reason)
    result = release_night(settings, D, by="Chen", reason="the loans were sold", send=True)
    assert result.publication.revision == 1
    assert [delivery.status for delivery in result.deliveries] == ["sent", "sent"]
    assert statuses(settings) == ["published", "failed"]
    with open_desk(settings).connect() as connection:
        rows = connection.execute(select(release).order_by(release.c.table_name, release.c.rule)).all()
    assert {(row.released_by, row.reason) for row in rows} == {("Chen", "the loans were sold")}
    assert ("loan", "too_much_vanished") in {(row.table_name, row.rule) for row in rows}

    with open_desk(settings).connect() as connection:
        audit.verify(connection)
        (released,) = audit.rows(connection, act="released")
        sent = audit.rows(connection, act="sent")
    assert (released.who, released.business_date) == ("Chen", D)
    assert "loan: too_much_vanished" in released.detail
    assert [(row.subject_key, row.revision) for row in sent] == [("B1", 1), ("B2", 1)]
    assert {row.policy_version for row in (released, *sent)} == {released.policy_version} != {""}

    folder = settings.out / str(D)
    for page in (
        folder / "quality.html",
        folder / "branch" / "B1" / "list.html",
        folder / "branch" / "B1" / "list.txt",
    ):
        said = page.read_text(encoding="utf-8")
        assert "Chen" in said, page
        assert "the loans were sold" in said, page
    assert "loan: too_much_vanished" in json.loads((folder / "quality.json").read_text(encoding="utf-8"))["released"]

    notes = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
    assert notes["holds"] == 0
    entry, failed = json.loads(str(export(settings, "night", D, "json", None)))
    assert (failed["status"], failed["released_by"]) == ("failed", None)
    assert (entry["released_by"], entry["release_reason"]) == ("Chen", "the loans were sold")
    assert "loan: too_much_vanished" in entry["overridden_checks"].split("; ")
    assert entry["release_replayed_from"] is None
    told = explain(settings, "C01", D)["release"]
    assert (told["released_by"], told["reason"], told["is_replayed"]) == ("Chen", "the loans were sold", False)
    assert {"table_name": "loan", "rule": "too_much_vanished"} in told["overridden"]

    (tmp_path / "away.db").rename(shrunk)
    with pytest.raises(HeldNight):
        run_night(settings, D, source=f"sqlite:///{shrunk}")
    assert statuses(settings) == ["published", "failed", "held"], "another attempt does not go by the release"


def test_given_a_night_whose_results_would_mean_nothing_then_nobody_may_release_it(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    bank["account"] = [dict.fromkeys(bank["account"][0])]
    with pytest.raises(HeldNight):
        run_night(settings, D, source=write_sqlite(bank, tmp_path / "bank.db"))
    with pytest.raises(Refused, match="nobody may release it") as refused:
        release_night(settings, D, by="Chen", reason="in a hurry")
    assert "account: " in str(refused.value)
    assert statuses(settings) == ["held"]


def test_given_no_held_attempt_then_there_is_nothing_to_release(fresh_settings: MakeSettings) -> None:
    with pytest.raises(UsageError, match="no attempt: only a held one is released"):
        release_night(fresh_settings(), D, by="Chen", reason="a try")


def test_given_a_released_night_when_it_is_replayed_then_the_same_person_answers_for_the_same_rows_and_no_others(
    eve: Settings, tmp_path: Path
) -> None:
    settings = eve
    source = write_sqlite(without_loans(ten_clients()), tmp_path / "shrunk.db")
    with pytest.raises(HeldNight):
        run_night(settings, D, source=source)
    held = settings.out / f"{D}.held" / "quality.html"
    assert f"nightdesk release --date {D} --by WHO --reason TEXT" in held.read_text(encoding="utf-8")
    released = release_night(settings, D, by="Chen", reason="the loans were sold")

    (again,) = run_backfill(settings, D, D, reason="a look")
    assert again.publication.content_hash == released.publication.content_hash
    first, second = json.loads(str(export(settings, "night", D, "json", None)))
    assert second["release_replayed_from"] == first["attempt_id"]
    taken_over = ("released_by", "release_reason", "overridden_checks")
    assert [second[name] for name in taken_over] == [first[name] for name in taken_over]

    with pytest.raises(HeldNight):
        run_backfill(settings, D, D, reason="the source again", source=source, is_rereading=True)
    with open_desk(settings).begin() as connection:
        connection.execute(release.delete().where(release.c.rule == "too_much_vanished"))
    with pytest.raises(HeldNight):
        run_backfill(settings, D, D, reason="another check fails")
    assert statuses(settings) == ["published", "unchanged", "held", "held"]


def test_given_a_released_night_when_its_replay_sees_another_share_gone_then_it_is_held_again(
    eve: Settings, tmp_path: Path
) -> None:
    settings, bank = eve, ten_clients()
    with pytest.raises(HeldNight):
        run_night(settings, D, source=write_sqlite(without_loans(bank), tmp_path / "shrunk.db"))
    release_night(settings, D, by="Chen", reason="the loans were sold")

    more = deepcopy(bank)
    more["loan"].append({**bank["loan"][2], "loan_id": "L33"})

    def stop(_done: NightResult) -> None:
        raise KeyboardInterrupt

    source = write_sqlite(more, tmp_path / "more.db")
    with pytest.raises(KeyboardInterrupt):  # the night before is replaced, and D not yet
        run_backfill(settings, days_back(1), reason="a loan", source=source, is_rereading=True, on_night=stop)
    with pytest.raises(HeldNight) as again:
        run_backfill(settings, D, D, reason="the night before was corrected")
    assert f"nightdesk release --date {D}" in again.value.remedy
    assert statuses(settings) == ["published", "held"]
    released = release_night(settings, D, by="Li", reason="this share too")
    assert released.publication.revision == 2
    entries = json.loads(str(export(settings, "night", D, "json", None)))
    assert [entry["released_by"] for entry in entries] == ["Chen", "Li"]
    assert entries[0]["overridden_checks"] == entries[1]["overridden_checks"], "the same checks, of another share"


def test_given_a_held_night_when_two_people_decide_on_its_release_then_it_goes_on_and_a_supplied_word_releases_nothing(
    deciding_night: tuple[Settings, str], copy_of: CopySettings, tmp_path: Path
) -> None:
    settings, day = copy_of(deciding_night[0]), days_back(-1)
    supplied = {"decision_id": "7", "subject": "release", "subject_key": str(day), "verdict": "approve"}
    supplied |= {"decided_by": "R1", "checker_id": "R3", "decided_at": f"{day} 09:00:00"}
    source = write_sqlite(without_loans({**deciding_bank(), "decision": [supplied]}), tmp_path / "bank.db")
    with pytest.raises(HeldNight):
        run_night(settings, day, source=source)
    told = json.loads((settings.out / f"{day}.held" / "quality.json").read_text(encoding="utf-8"))
    assert "release_supplied" in json.dumps(told)

    def wanted(verdict: str, checker: str | None, note: str = "the loans were sold") -> Wanted:
        return Wanted("release", str(day), verdict, "R1", checker, note=note)

    for checker, said in (
        (None, r"takes a second person \(--checker\). Who may check: DA \(data\), R3 \(risk\)"),
        ("R1", "cannot be the second person as well"),
        ("S1", "the role of S1 may not be the second person"),
    ):
        with pytest.raises(Refused, match=said):
            decide_release(settings, wanted("approve", checker), day)
    with pytest.raises(UsageError, match="a release needs a reason"):
        decide_release(settings, wanted("approve", "DA", note=" "), day)
    with pytest.raises(UsageError, match="only a held one is released"):
        decide_release(settings, wanted("approve", "DA"), D)
    with open_desk(settings).connect() as connection:
        assert [connection.execute(select(table)).all() for table in (entry, release)] == [[], []], "nothing half done"

    _, result = decide_release(settings, wanted("reject", "DA"), day)
    assert result is None
    done, result = decide_release(settings, wanted("approve", "DA"), day)
    assert result is not None
    assert result.publication.revision == 1
    assert done.replaces is not None
    assert done.replaces.verdict == "reject"
    (night,) = json.loads(str(export(settings, "night", day, "json", None)))
    assert (night["released_by"], night["release_reason"]) == ("R1, DA", "the loans were sold")
    assert night["overridden_checks"]
    with open_desk(settings).connect() as connection:
        audit.verify(connection)
        assert [row.who for row in audit.rows(connection, act="released")] == ["R1, DA"]
        assert [row.subject for row in audit.rows(connection, act="decided")] == ["release", "release"]
    page = (settings.out / str(day) / "quality.html").read_text(encoding="utf-8")
    assert "releases no night" in page
    with pytest.raises(UsageError, match="only a held one is released"):
        decide_release(settings, wanted("approve", "DA"), day)
