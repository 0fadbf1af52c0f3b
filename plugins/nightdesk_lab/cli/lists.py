"""nightdesk bench --branches, --part reviews: what many lists or reviews take, as a table."""

from rich.table import Table

from nightdesk.cli.options import Lang, remarks, results, say_json
from nightdesk.settings import get_settings
from nightdesk_lab.bench import lists as of_lists
from nightdesk_lab.bench import reviews as of_reviews
from nightdesk_lab.bench.origin import Size
from nightdesk_lab.bench.shared_out import PROCESSES, SharedOut

_HEADINGS = {
    Lang.zh_CN: ("耗时（秒）", "CPU（秒）", "每份 CPU（秒）", "单进程内存峰值（MB）"),
    Lang.en: ("wall s", "CPU s", "CPU s each", "peak MB a process"),
}
_COUNTED = {Lang.zh_CN: {"lists": "清单", "reviews": "审查页"}, Lang.en: {"lists": "lists", "reviews": "reviews"}}


def lists(size: Size, branches: int, projects: int | None, lang: Lang, *, as_json: bool) -> None:
    """Run the lists and print what came of it."""
    found = of_lists.run_lists(get_settings(), size=size, branches=branches, projects=projects, say=_say)
    if as_json:
        say_json(found.document("lists", branches=branches, target_seconds=of_lists.TARGET_SECONDS))
        return
    _show(found, "lists", f"for 500 branches: {of_lists.TARGET_SECONDS} s", lang)


def reviews(size: Size, projects: int | None, lang: Lang, *, as_json: bool) -> None:
    """Run the reviews and print what came of it; of a bank of as many clients as projects at least."""
    wanted = of_reviews.PROJECTS if projects is None else projects
    found = of_reviews.run_reviews(get_settings(), size=size, projects=wanted, say=_say)
    if as_json:
        say_json(found.document("reviews", projects=wanted, target_seconds=of_reviews.TARGET_SECONDS))
        return
    _show(found, "reviews", f"for {of_reviews.PROJECTS:,} reviews: {of_reviews.TARGET_SECONDS} s", lang)


def _say(line: str) -> None:
    remarks.print(line, markup=False)


def _show(found: SharedOut, of: str, target: str, lang: Lang) -> None:
    table = Table(_COUNTED[lang][of], *_HEADINGS[lang])
    for count in found.runs:
        cpu = found.cpu_seconds(count)
        figures = (f"{found.seconds(count):,.1f}", f"{cpu:,.1f}", f"{cpu / count:,.3f}")
        table.add_row(f"{count:,}", *figures, f"{found.peak_bytes(count) / 1e6:,.0f}")
    results.print(table)
    origin = found.origin
    results.print(
        f"[{PROCESSES} processes; to reach {target}; {origin.bank.clients:,} clients, seed {origin.bank.seed}; "
        f"code {origin.code or '?'}; {origin.cores} cores, load {origin.load:.1f}]",
        markup=False,
    )
