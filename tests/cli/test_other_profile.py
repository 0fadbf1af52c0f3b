"""A home with a second profile: each command that is named for its nights names it too."""

import pytest
from hand_bank import D
from sqlalchemy import text
from terminal import Terminal

from nightdesk.desk.database import open_desk
from nightdesk.errors import DeadlineMissed
from nightdesk.reading.morning import require_lists_out


def of_profile(terminal: Terminal, profile: str, *, astray: bool = False) -> None:
    """Make the two nights those of another profile; astray: the first was replaced, and the second continues it."""
    with open_desk(terminal.settings()).begin() as connection:
        for table in ("attempt", "publication", "pointer"):
            connection.execute(text(f"update {table} set profile = :name"), {"name": profile})
        if astray:
            connection.execute(
                text("update attempt set parent_attempt_id = null where business_date = :day"), {"day": D}
            )


def test_given_nights_astray_of_another_profile_then_the_replay_named_is_of_that_profile(terminal: Terminal) -> None:
    of_profile(terminal, "berka", astray=True)
    done = terminal.run("status", "--profile", "berka", "--date", str(D), "--lang", "en")
    assert f"backfill --from {D} --to {D} --reason TEXT --profile berka" in " ".join(done.stdout.split())
    ours = terminal.run("status", "--date", str(D), "--lang", "en")
    assert "backfill" not in ours.stdout


def test_given_lists_of_another_profile_that_are_not_out_then_the_commands_named_are_of_that_profile(
    terminal: Terminal,
) -> None:
    of_profile(terminal, "berka")
    for profile, option in (("berka", " --profile berka"), ("contract", "")):
        with pytest.raises(DeadlineMissed) as missed:
            require_lists_out(terminal.settings(), D, profile)
        assert f"`nightdesk status{option}`" in str(missed.value)
        assert f"`nightdesk night --date {D}{option} --send`" in str(missed.value)
