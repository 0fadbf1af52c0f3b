"""nightdesk bench --growth: what each step of a night costs with more history behind it, as a table."""

from rich.table import Table

from nightdesk.cli.options import Lang, remarks, results, say_json
from nightdesk.settings import get_settings
from nightdesk_lab.bench.growth import Growth, run_growth
from nightdesk_lab.bench.origin import Size

#: the headings: of the steps, and of the row of sizes
_WORDS = {Lang.zh_CN: ("步骤（CPU 秒）", "流水行数"), Lang.en: ("step (CPU s)", "transactions")}


def growth(size: Size, lang: Lang, *, as_json: bool) -> None:
    """Run it and print what came of it; `size` is the smallest bank's."""
    found = run_growth(get_settings(), size=size, say=lambda line: remarks.print(line, markup=False))
    if as_json:
        say_json(found.document())
        return
    results.print(_table(found, lang))
    origin = found.origin
    results.print(
        f"[{size.clients:,} clients, seed {size.seed}; code {origin.code or '?'}; {origin.cores} cores, "
        f"load {origin.load:.1f}; engine {origin.engine}]",
        markup=False,
    )


def _table(found: Growth, lang: Lang) -> Table:
    step, rows = _WORDS[lang]
    table = Table(step, *(f"{factor}x" for factor in found.rows))
    table.add_row(rows, *(f"{count:,}" for count in found.rows.values()))
    for name, took in found.cpu_seconds.items():
        table.add_row(name, *(f"{took[factor]:,.2f}" for factor in found.rows))
    return table
