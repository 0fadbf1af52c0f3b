"""nightdesk bench: the night beside plain pandas on a generated bank."""

from typing import Annotated

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, remarks, results, say_json
from nightdesk.errors import NightdeskError, UsageError
from nightdesk.settings import get_settings

_WORDS = {
    Lang.zh_CN: {
        "prepare": "准备:生成银行数据、运行前两夜、抽取并检查当夜(首次较久)",
        "recompute": "当夜重算(特征至任务),随后以 pandas 全量计算",
        "compare": "逐格核对两边结果",
        "extract": "抽取新增流水:COPY 与 pandas.read_sql",
        "checks": "检查新增流水",
        "headings": ("部分", "方式", "耗时(秒)", "CPU(秒)", "内存峰值(MB)", "行/秒", "行数"),
        "ratio": "{part}:pandas 耗时为 {wall:.1f} 倍、CPU {cpu:.1f} 倍、内存 {peak:.1f} 倍(20万客户目标:{target})",
        "alone": "{part}:{wall:.2f} 秒(30万行目标:{target})",
        "faster": "耗时 ≥ {:g} 倍",
        "smaller": "内存 ≥ {:g} 倍",
        "within": "≤ {:g} 秒",
        "equal": "逐格一致:{rows:,} 行,{tables} 张表",
        "left_out": "pandas 一侧未做(因此显得更快):{what}",
        "different": "不一致:{table} {key} 的 {column}:当夜 {night},pandas {plain}",
    },
    Lang.en: {
        "prepare": "preparing: a bank, its two nights before, and the measured night extracted and checked (slow once)",
        "recompute": "the night from features to tasks, then all of it in pandas",
        "compare": "holding the results equal, cell by cell",
        "extract": "extracting new transactions: COPY and pandas.read_sql",
        "checks": "checking new transactions",
        "headings": ("part", "side", "wall s", "CPU s", "peak MB", "rows/s", "rows"),
        "ratio": "{part}: pandas takes {wall:.1f}x the wall time, {cpu:.1f}x the CPU, {peak:.1f}x the memory "
        "(to reach at 200,000 clients: {target})",
        "alone": "{part}: {wall:.2f} s (to reach for 300,000 rows: {target})",
        "faster": "wall >= {:g}x",
        "smaller": "memory >= {:g}x",
        "within": "<= {:g} s",
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
        str | None, typer.Option("--only", help="One part: recompute, extract or checks.", metavar="PART")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Measure the night beside plain pandas, on one generated bank, results held equal; below <home>/bench."""
    from nightdesk.bench.running import PARTS, TARGETS, run_bench

    if only is not None and only not in PARTS:
        raise UsageError(f"--only {only!r} is no part of the bench", f"Choose one of: {', '.join(PARTS)}.")
    words = _WORDS[lang]
    size = {"clients": clients, "months": months, "txn_per_client": txn_per_client, "seed": seed}
    done = run_bench(
        get_settings(),
        size=size,
        parts=PARTS if only is None else (only,),
        rows=rows,
        say=lambda step: remarks.print(str(words[step]), markup=False),
    )
    if as_json:
        say_json({"size": size, **done.document()})
    else:
        table = Table(*words["headings"])
        for part, sides in done.measures.items():
            for side, took in sides.items():
                table.add_row(
                    part,
                    side,
                    f"{took.wall_s:,.2f}",
                    f"{took.cpu_s:,.2f}",
                    f"{took.peak_bytes / 1e6:,.0f}",
                    f"{took.rows_per_s:,.0f}",
                    f"{took.rows:,}",
                )
        results.print(table)
        lines = []
        for part in done.measures:
            target = TARGETS[part]
            said = [
                str(words[word]).format(target[name])
                for name, word in (("wall_ratio", "faster"), ("memory_ratio", "smaller"), ("wall_s", "within"))
                if name in target
            ]
            wall, cpu, peak = (done.ratio(part, of) for of in ("wall_s", "cpu_s", "peak_bytes"))
            lines.append(
                str(words["alone"]).format(part=part, wall=done.measures[part]["nightdesk"].wall_s, target=said[0])
                if wall is None
                else str(words["ratio"]).format(part=part, wall=wall, cpu=cpu, peak=peak, target=", ".join(said))
            )
        if done.equal_rows and not done.differences:
            count = sum(done.equal_rows.values())
            lines.append(str(words["equal"]).format(rows=count, tables=len(done.equal_rows)))
        if done.left_out:
            lines.append(str(words["left_out"]).format(what="; ".join(done.left_out)))
        lines += [str(words["different"]).format(**difference) for difference in done.differences]
        for line in lines:
            results.print(line, markup=False)
    if done.differences:
        first = done.differences[0]
        raise NightdeskError(
            f"the night and pandas differ in {len(done.differences)} places, first {first['table']}, "
            f"{first['key']}, column {first['column']}",
            "One of the two is wrong: look at that client with both, and mend it.",
        )
