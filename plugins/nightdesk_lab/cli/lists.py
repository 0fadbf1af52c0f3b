"""nightdesk bench --branches: what the lists of a bank with many branches take, as a table."""

from rich.table import Table

from nightdesk.cli.options import Lang, remarks, results, say_json
from nightdesk.settings import get_settings
from nightdesk_lab.bench.lists import PROCESSES, TARGET_SECONDS, ListsBench, run_lists
from nightdesk_lab.bench.origin import Size

_HEADINGS = {
    Lang.zh_CN: ("清单", "耗时（秒）", "CPU（秒）", "每份 CPU（秒）", "单进程内存峰值（MB）"),
    Lang.en: ("lists", "wall s", "CPU s", "CPU s a list", "peak MB a process"),
}


def lists(size: Size, branches: int, projects: int | None, lang: Lang, *, as_json: bool) -> None:
    """Run it and print what came of it."""
    found = run_lists(
        get_settings(),
        size=size,
        branches=branches,
        projects=projects,
        say=lambda line: remarks.print(line, markup=False),
    )
    if as_json:
        say_json(found.document())
        return
    results.print(_table(found, lang))
    origin = found.origin
    results.print(
        f"[{PROCESSES} processes; to reach for 500 branches: {TARGET_SECONDS} s; {size.clients:,} clients, "
        f"seed {size.seed}; code {origin.code or '?'}; {origin.cores} cores, load {origin.load:.1f}]",
        markup=False,
    )


def _table(found: ListsBench, lang: Lang) -> Table:
    table = Table(*_HEADINGS[lang])
    for count in found.runs:
        cpu = found.cpu_seconds(count)
        figures = (f"{found.seconds(count):,.1f}", f"{cpu:,.1f}", f"{cpu / count:,.3f}")
        table.add_row(f"{count:,}", *figures, f"{found.peak_bytes(count) / 1e6:,.0f}")
    return table
