"""The lists of a bank with many branches: seconds on two cores and memory, all of them and a tenth of them."""

import shutil
from collections.abc import Callable
from dataclasses import asdict

from nightdesk import pg
from nightdesk.attempt.opening import source_url
from nightdesk.night.whole import run_night
from nightdesk.reading.published_night import branches_of
from nightdesk.settings import Settings
from nightdesk_lab.bench.growth import MEASURED
from nightdesk_lab.bench.origin import Size, origin_now
from nightdesk_lab.bench.shared_out import SharedOut, some_and_all
from nightdesk_lab.demo_bank import generate

#: what is to be reached for 500 branches; printed beside, never a pass mark
TARGET_SECONDS = 60


def run_lists(
    settings: Settings,
    *,
    size: Size,
    branches: int,
    projects: int | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> SharedOut:
    """Make a bank of so many branches and its night, and render its lists again, each with its workbook and its mails.

    A tenth of the branches first, then all, each time in two processes; below `<home>/bench/lists`, made anew. Raises
    NightdeskError when the night or a list fails.
    """
    home = settings.home / "bench" / "lists"
    if home.exists():
        pg.remove(home)
        shutil.rmtree(home)
    own, found = Settings(home=home), SharedOut(origin_now(size, settings))
    try:
        say(f"a bank of {branches:,} branches and {size.clients:,} clients, and its night")
        generate(source_url(own), branches=branches, until=MEASURED, projects=projects, **asdict(size))
        published = run_night(own, MEASURED).publication
        for some in some_and_all(branches_of(own, published)):
            say(f"{len(some):,} lists")
            found.run(own, "lists", some, date=str(MEASURED))
    finally:
        pg.stop(home)
    return found
