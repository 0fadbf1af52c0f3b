"""nightdesk bench --part: what one part of Nightdesk adds to a night's CPU."""

from typing import Any

from rich.table import Table

from nightdesk.cli.options import Lang, remarks, results, say_json
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings
from nightdesk_lab.bench.origin import Size
from nightdesk_lab.bench.part import PARTS, TARGET_PCT, PartBench, run_part
from nightdesk_lab.cli.lists import reviews

#: no part of a night's tables but pages, many of them
_REVIEWS = "reviews"
_WORDS: dict[Lang, dict[str, Any]] = {
    Lang.zh_CN: {
        "care": "联系、拜访、贷后检查与提款审核",
        "judgement": "颜色、五级分类、处置步骤与升级路径",
        "financing": "融资建议、产品推介、生态与人员",
        "headings": ("部分", "数量", "CPU（秒）"),
        "built": "数据表计算",
        "written": "数据表写入",
        "pages": "页面",
        "told": "{part}：CPU {own:.2f} 秒，使当夜其余 {rest:.2f} 秒增加 {pct:.1f}%（目标：≤ {most}%）",
        "cannot": "{part}：CPU {own:.2f} 秒，而全夜仅 {night:.2f} 秒，不可能如此：测量有误",
        "of": "［{clients:,} 个客户、{months} 个月、种子 {seed}；代码 {code}；{cores} 核、开始时负载 {load:.1f}］",
    },
    Lang.en: {
        "care": "contacts, visits, checks after the loan and draws",
        "judgement": "colours, classes, steps and ways to the next tier",
        "financing": "proposals, offers, ecosystem and people",
        "headings": ("part", "count", "CPU s"),
        "built": "tables built",
        "written": "batches written",
        "pages": "pages",
        "told": "{part}: {own:.2f} CPU s, {pct:.1f}% on the other {rest:.2f} of the night (to reach: <= {most}%)",
        "cannot": "{part}: {own:.2f} CPU s of {night:.2f} of the whole "
        "night, which cannot be: what is measured is wrong",
        "of": "[{clients:,} clients, {months} months, seed {seed}; code {code}; {cores} cores, load {load:.1f} at the "
        "start]",
    },
}


def part(name: str, size: Size, projects: int | None, lang: Lang, *, as_json: bool) -> None:
    """Run it and print what came of it. Raises UsageError where no part has that name."""
    if name == _REVIEWS:
        reviews(size, projects, lang, as_json=as_json)
        return
    if name not in PARTS:
        raise UsageError(f"--part {name!r} is no part of a night", f"Choose one of: {', '.join((*PARTS, _REVIEWS))}.")
    found = run_part(get_settings(), name, size=size, say=lambda line: remarks.print(line, markup=False))
    if as_json:
        say_json(found.document())
        return
    show_part(found, lang)


def show_part(found: PartBench, lang: Lang) -> None:
    """Each sort of work with how much of it and its CPU, and what all of it adds; with the bank, code and machine."""
    words, origin = _WORDS[lang], found.origin
    table = Table(*words["headings"])
    for work, took in (("built", found.built), ("written", found.written)):
        table.add_row(words[work], f"{len(took):,}", f"{sum(took.values()):,.2f}")
    if found.pages:
        table.add_row(words["pages"], f"{sum(found.pages.values()):,}", f"{found.rendered_cpu_s:,.2f}")
    results.print(table)
    pct = found.added_pct()
    told = words["cannot" if pct is None else "told"].format(
        part=words[found.part],
        own=found.part_cpu_s,
        rest=found.rest_cpu_s,
        night=found.night_cpu_s,
        pct=pct,
        most=TARGET_PCT,
    )
    of = words["of"].format(
        clients=origin.bank.clients,
        months=origin.bank.months,
        seed=origin.bank.seed,
        code=origin.code or "?",
        cores=origin.cores,
        load=origin.load,
    )
    results.print(f"{told} {of}", markup=False)
