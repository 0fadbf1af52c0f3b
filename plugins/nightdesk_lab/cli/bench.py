"""nightdesk bench: the night beside plain pandas on a generated bank."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, remarks, results, say_json
from nightdesk.errors import NightdeskError, UsageError
from nightdesk.settings import get_settings
from nightdesk_lab.bench.cost_page import Headings

if TYPE_CHECKING:
    from nightdesk_lab.bench.running import Bench

_WORDS: dict[Lang, dict[str, Any]] = {
    Lang.zh_CN: {
        "not_quiet": "注意：开始时系统负载为 {load:.1f}（{cores} 核），机器并不空闲，以下数字仅供参考",
        "prepare": "准备：生成银行数据、运行前两夜、抽取并检查当夜（较久）",
        "recompute": "当夜重算（特征至任务），随后以 pandas 全量计算",
        "compare": "逐格核对两边结果",
        "singly": "再次重算当夜，逐表进行：各表所用 CPU",
        "rolling": "改变 {count} 个客户或账户的归属后再取当夜，与未改变的一夜交替重算各三次",
        "extract": "抽取新增流水：COPY 与 pandas.read_sql",
        "checks": "检查新增流水",
        "headings": ("部分", "方式", "耗时（秒）", "CPU（秒）", "内存峰值（MB）", "行/秒", "行数"),
        "ratio": "{part}，{rows:,} 行：pandas 耗时为 {wall:.1f} 倍、CPU {cpu:.1f} 倍、内存 {peak:.1f} 倍"
        "（20 万客户目标：{target}）",
        "same_rules": "同样规则",
        "alike": "{part}，仅 pandas 也算的指标与表：pandas 耗时为 {wall:.1f} 倍、CPU {cpu:.1f} 倍、内存 {peak:.1f} 倍",
        "rolled": "重算，{count} 个归属改变：CPU {changed:.2f} 秒，未改变 {without:.2f} 秒，为 {ratio:.2f} 倍"
        "（2 万客户目标：≤ {most:g} 倍）",
        "alone": "{part}，{rows:,} 行：{wall:.2f} 秒（30 万行目标：{target}）",
        "catalogue": "重算时逐表计，仅由完整指标库新增指标使用的 {tables} 张表：CPU {added:.2f} 秒，"
        "使其余 {rest:.2f} 秒增加 {pct:.0f}%，内存峰值 {peak:,.0f} MB（2 万客户目标：≤ {most:g}%、≤ {peak_most:,} MB）",
        "unshared": "重算时逐表计，仅由完整指标库新增指标使用的 {tables} 张表：CPU {added:.2f} 秒，"
        "而全部仅 {night:.2f} 秒，不可能如此：测量有误",
        "profile": Headings(
            "重算的 CPU 用在哪里", "层", "表", "其余 {n} 张表", "登记输入、写入批次、开启与关闭", "合计"
        ),
        "page": "逐表用时：{path}",
        "faster": "耗时 ≥ {:g} 倍",
        "smaller": "内存 ≥ {:g} 倍",
        "within": "≤ {:g} 秒",
        "of": "［{clients:,} 个客户、{txn:,} 笔流水、{months} 个月、种子 {seed}；代码 {code}；"
        "{cores} 核、{memory:.1f} GB、开始时负载 {load:.1f}；引擎 {engine}］",
        "unknown": "版本未知",
        "equal": "逐格一致：{rows:,} 行，{tables} 张表",
        "left_out": "pandas 一侧未做（因此显得更快）：{what}",
        "different": "不一致：{table} {key} 的 {column}：当夜 {night}，pandas {plain}",
    },
    Lang.en: {
        "not_quiet": "mind: the load was {load:.1f} on {cores} cores when this began; beside other work figures say "
        "little",
        "prepare": "preparing: a bank, its two nights before, and the measured night extracted and checked (slow)",
        "recompute": "the night from features to tasks, then all of it in pandas",
        "compare": "holding the results equal, cell by cell",
        "singly": "the night once more, a table at a time: the CPU of each",
        "rolling": "the night taken once more with {count} mappings changed, and each recomputed three times in turn",
        "extract": "extracting new transactions: COPY and pandas.read_sql",
        "checks": "checking new transactions",
        "headings": ("part", "side", "wall s", "CPU s", "peak MB", "rows/s", "rows"),
        "ratio": "{part} of {rows:,} rows: pandas takes {wall:.1f}x the wall time, {cpu:.1f}x the CPU, {peak:.1f}x the "
        "memory (to reach at 200,000 clients: {target})",
        "same_rules": "same rules",
        "alike": "{part}, of ours only the indicators and tables that pandas has too: pandas takes {wall:.1f}x the "
        "wall time, {cpu:.1f}x the CPU, {peak:.1f}x the memory",
        "rolled": "recompute with {count} mappings changed: {changed:.2f} CPU s to {without:.2f} without, {ratio:.2f}x "
        "(to reach at 20,000 clients: <= {most:g}x)",
        "alone": "{part} of {rows:,} rows: {wall:.2f} s (to reach for 300,000 rows: {target})",
        "catalogue": "a table at a time, {tables} tables that only the whole catalogue's later indicators ask for: "
        "{added:.2f} CPU s, {pct:.0f}% on the other {rest:.2f}; peak {peak:,.0f} MB (to reach at 20,000 clients: "
        "<= {most:g}%, <= {peak_most:,} MB)",
        "unshared": "a table at a time, {tables} tables that only the whole catalogue's later indicators ask for: "
        "{added:.2f} CPU s of {night:.2f} in all, which cannot be: what is measured is wrong",
        "profile": Headings(
            *("Where a recomputation's CPU goes", "layer", "table", "{n} more tables"),
            *("to register, write, open and close", "all"),
        ),
        "page": "where it goes, table by table: {path}",
        "faster": "wall >= {:g}x",
        "smaller": "memory >= {:g}x",
        "within": "<= {:g} s",
        "of": "[{clients:,} clients, {txn:,} transactions, {months} months, seed {seed}; code {code}; "
        "{cores} cores, {memory:.1f} GB, load {load:.1f} at the start; engine {engine}]",
        "unknown": "of unknown version",
        "equal": "equal cell by cell: {rows:,} rows of {tables} tables",
        "left_out": "left out of the pandas side, which makes it look faster: {what}",
        "different": "different: {table} {key}, {column}: {night} in the night, {plain} in pandas",
    },
}


def bench(
    clients: Annotated[int, typer.Option("--clients", min=20, help="Clients of the generated bank.")] = 2000,
    months: Annotated[int, typer.Option("--months", min=13, help="Full months of its history.")] = 14,
    txn_per_client: Annotated[
        int, typer.Option("--txn-per-client", min=1, help="Transactions per client over all months, about.")
    ] = 100,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same arguments and seed give the same bank.")] = 1,
    rows: Annotated[
        int,
        typer.Option("--rows", min=1000, help="New transactions to extract and check, as far as the bank has them."),
    ] = 300_000,
    only: Annotated[
        str | None, typer.Option("--only", help="One part: recompute, extract, checks or rolling.", metavar="PART")
    ] = None,
    is_growth: Annotated[
        bool, typer.Option("--growth", help="Instead: what each step costs at 1, 4 and 16 times that history.")
    ] = False,
    part: Annotated[
        str | None,
        typer.Option(
            "--part",
            help="Instead: what care, judgement or financing adds to a night's CPU, or what many reviews take.",
            metavar="NAME",
        ),
    ] = None,
    branches: Annotated[
        int | None,
        typer.Option("--branches", min=2, help="Instead: what the lists of a bank with so many branches take."),
    ] = None,
    projects: Annotated[
        int | None, typer.Option("--projects", min=0, help="With --branches or --part reviews: how many projects.")
    ] = None,
    nights: Annotated[
        int | None,
        typer.Option("--nights", min=1, help="Instead: files, bytes and seconds of so many nights of a few rows each."),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Measure the night beside plain pandas, on one generated bank, results held equal; below <home>/bench."""
    from nightdesk_lab.bench.origin import Size
    from nightdesk_lab.bench.running import PARTS, ROLLING, run_bench

    if only is not None and only not in (*PARTS, ROLLING):
        raise UsageError(f"--only {only!r} is no part of the bench", f"Choose one of: {', '.join((*PARTS, ROLLING))}.")
    size = Size(clients, months, txn_per_client, seed)
    if is_growth:
        from nightdesk_lab.cli.growth import growth

        growth(size, lang, as_json=as_json)
        return
    if nights is not None:
        from nightdesk_lab.cli.nights import nights as measured_nights

        measured_nights(nights, lang, as_json=as_json)
        return
    if part is not None:
        from nightdesk_lab.cli.part import part as measured_part

        measured_part(part, size, projects, lang, as_json=as_json)
        return
    if branches is not None:
        from nightdesk_lab.cli.lists import lists

        lists(size, branches, projects, lang, as_json=as_json)
        return
    words = _WORDS[lang]

    def say(step: str, /, **values: object) -> None:
        remarks.print(str(words[step]).format(**values), markup=False)

    done = run_bench(
        get_settings(),
        size=size,
        parts=PARTS if only is None else (only,),
        rows=rows,
        say=say,
    )
    if as_json:
        say_json(done.document())
    else:
        show(done, lang)
    if done.differences:
        first = done.differences[0]
        raise NightdeskError(
            f"the night and pandas differ in {len(done.differences)} places, first {first['table']}, "
            f"{first['key']}, column {first['column']}",
            "One of the two is wrong: look at that client with both, and mend it.",
        )


def show(done: "Bench", lang: Lang) -> None:
    """The measures as a table, then what they say: each line with the bank, code and machine that it is of."""
    from nightdesk_lab.bench.cost_page import write_profile
    from nightdesk_lab.bench.rolling import CHANGED, TARGET_RATIO
    from nightdesk_lab.bench.running import CATALOGUE_TARGET, SAME_RULES, TARGETS

    words = _WORDS[lang]
    table = Table(*words["headings"])
    for part, sides in done.measures.items():
        for side, took in sides.items():
            figures = (f"{took.wall_s:,.2f}", f"{took.cpu_s:,.2f}", f"{took.peak_bytes / 1e6:,.0f}")
            table.add_row(part, words.get(side, side), *figures, f"{took.rows_per_s:,.0f}", f"{took.rows:,}")
    results.print(table)
    origin = done.origin
    of = words["of"].format(
        **asdict(origin.bank),
        txn=done.txn_rows,
        code=origin.code or words["unknown"],
        cores=origin.cores,
        memory=origin.memory_bytes / 1e9,
        load=origin.load,
        engine=origin.engine,
    )
    for part, sides in done.measures.items():
        ours, target = sides["nightdesk"], TARGETS[part]
        named = {"wall_ratio": "faster", "memory_ratio": "smaller", "wall_s": "within"}
        said = ", ".join(words[word].format(target[name]) for name, word in named.items() if name in target)
        wall, cpu, peak = (done.ratio(part, of) for of in ("wall_s", "cpu_s", "peak_bytes"))
        line = (
            words["alone"].format(part=part, rows=ours.rows, wall=ours.wall_s, target=said)
            if wall is None
            else words["ratio"].format(part=part, rows=ours.rows, wall=wall, cpu=cpu, peak=peak, target=said)
        )
        results.print(f"{line} {of}", markup=False)
    if done.ratio("recompute", "wall_s", SAME_RULES) is not None:
        wall, cpu, peak = (done.ratio("recompute", of, SAME_RULES) for of in ("wall_s", "cpu_s", "peak_bytes"))
        results.print(f"{words['alike'].format(part='recompute', wall=wall, cpu=cpu, peak=peak)} {of}", markup=False)
    if (ratio := done.rolling_ratio()) is not None:
        changed, without = (done.rolling[count].cpu_s for count in (CHANGED, 0))
        line = words["rolled"].format(count=CHANGED, changed=changed, without=without, ratio=ratio, most=TARGET_RATIO)
        results.print(f"{line} {of}", markup=False)
    if (night := done.singly_cpu_s) is not None:
        pct, added = done.catalogue_added_pct(), sum(done.catalogue_cpu_s.values())
        line = words["unshared" if pct is None else "catalogue"].format(
            tables=len(done.catalogue_cpu_s),
            added=added,
            night=night,
            rest=night - added,
            pct=pct,
            peak=done.measures["recompute"]["nightdesk"].peak_bytes / 1e6,
            most=CATALOGUE_TARGET["added_pct"],
            peak_most=CATALOGUE_TARGET["peak_mb"],
        )
        results.print(f"{line} {of}", markup=False)
        if done.table_cpu_s:
            page = write_profile(get_settings().home / "bench", done.table_cpu_s, night, of, words["profile"])
            results.print(words["page"].format(path=page), markup=False)
    if done.equal_rows and not done.differences:
        rows, tables = sum(done.equal_rows.values()), len(done.equal_rows)
        results.print(words["equal"].format(rows=rows, tables=tables), markup=False)
    if done.left_out:
        results.print(words["left_out"].format(what="; ".join(done.left_out)), markup=False)
    for difference in done.differences:
        results.print(words["different"].format(**difference), markup=False)
