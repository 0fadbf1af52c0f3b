"""The commands that a refusal or a damaged batch names: what a person runs next, word for word."""

import datetime


def profile_option(profile: str) -> str:
    """The option that names a bank; empty for the contract's own."""
    return "" if profile == "contract" else f" --profile {profile}"


def night_command(profile: str, day: datetime.date) -> str:
    """Run one night, with the cut-off that its ledger allows."""
    return f"nightdesk night --date {day}{profile_option(profile)}"


def status_command(profile: str) -> str:
    """Say what is out, and what is missing, of the lists of the latest morning."""
    return f"nightdesk status{profile_option(profile)}"


def send_command(profile: str, day: datetime.date) -> str:
    """Send what waits of a published night, each list once."""
    return f"nightdesk outbox send --date {day}{profile_option(profile)}"


def restate_command(profile: str, day: datetime.date) -> str:
    """Send the standing revision to those who got an older one that says something else."""
    return f"nightdesk outbox send --date {day} --restate{profile_option(profile)}"


def release_command(profile: str, day: datetime.date) -> str:
    """Let a held night go on, in a person's name."""
    return f"nightdesk release --date {day} --by WHO --reason TEXT{profile_option(profile)}"


def replay_command(
    profile: str, first: datetime.date, last: datetime.date | None, *, is_rereading: bool = False
) -> str:
    """Replay nights in order, up to `last` (the latest published date, or the first where nothing was published)."""
    reread = " --reread" if is_rereading else ""
    to = max(first, last or first)
    return f"nightdesk backfill --from {first} --to {to}{reread} --reason TEXT{profile_option(profile)}"
