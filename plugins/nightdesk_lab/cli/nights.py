"""nightdesk bench --nights: what a night takes the more nights lie behind it, as a table."""

from rich.table import Table

from nightdesk.cli.options import Lang, results, say_json
from nightdesk.settings import get_settings
from nightdesk_lab.bench.tiny_nights import NightsBench, run_nights

_HEADINGS = {
    Lang.zh_CN: ("至第几夜（每行为均值）", "读取文件数", "读取（kB）", "写入（kB）", "CPU（秒）", "耗时（秒）"),
    Lang.en: ("to night (each a mean)", "files read", "kB read", "kB written", "CPU s", "wall s"),
}


def nights(count: int, lang: Lang, *, as_json: bool) -> None:
    """Run them and print what came of it."""
    found = run_nights(get_settings(), count)
    if as_json:
        say_json(found.document())
        return
    show(found, lang)


def show(found: NightsBench, lang: Lang) -> None:
    """A line for each round of nights; below them code and machine."""
    table = Table(*_HEADINGS[lang])
    for to, mean in found.rounds().items():
        read = f"{mean.files:,.1f}", f"{mean.read_bytes / 1e3:,.1f}"
        table.add_row(
            f"{to:,}",
            *read,
            f"{mean.written_bytes / 1e3:,.1f}",
            f"{mean.cpu_seconds:,.3f}",
            f"{mean.seconds:,.3f}",
        )
    results.print(table)
    origin = found.origin
    results.print(f"[code {origin.code or '?'}; {origin.cores} cores, load {origin.load:.1f}]", markup=False)
