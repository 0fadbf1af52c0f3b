"""nightdesk pyramid: the shares of the colours on demo banks of several seeds, and what decided them."""

from typing import Annotated, Any

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, day, remarks, results, say_json
from nightdesk.errors import UsageError
from nightdesk.settings import get_settings
from nightdesk_lab.pyramid.counting import COLOURS, TRUTHS, WARNED, Pyramid

#: how many rows of what fired, decided or was lived are shown of each colour; --json has all
_SHOWN = 12
_WORDS = {
    Lang.zh_CN: {
        "colour": {"red": "红", "orange": "橙", "amber": "黄", "blue": "蓝", "green": "绿", "not_assessed": "未评估"},
        "truth": {"trouble": "真实困难", "look_alike": "貌似困难", "nothing": "无故事"},
        "shares": ("颜色", "平均", "标准差", "最低–最高", "各种子"),
        "which": {"decided": "决定规则", "fired": "触发指标", "stories": "故事"},
        "bank": "种子 {seed}：有风险敞口 {at_risk} 户，其中真实困难 {in_trouble} 户"
        "（另有 {gone} 户的授信已全部核销，不计入）；"
        "健康项目公司为红 {projects}，仅额度用满为红 {drawn}，仅季节性高于蓝 {season}",
        "none": "无",
    },
    Lang.en: {
        "colour": {colour: colour.replace("_", " ") for colour in COLOURS},
        "truth": {"trouble": "real trouble", "look_alike": "look-alike", "nothing": "no story"},
        "shares": ("colour", "mean", "spread", "least-most", "by seed"),
        "which": {"decided": "rule that decided", "fired": "indicator that fired", "stories": "story"},
        "bank": "seed {seed}: {at_risk} clients with money at risk, {in_trouble} of them in real trouble ({gone}"
        " more, whose debt is all written off, are not counted); sound project companies red {projects}, merely fully"
        " drawn red {drawn}, merely seasonal above blue {season}",
        "none": "none",
    },
}


def pyramid(
    seeds: Annotated[str, typer.Option("--seeds", help="Seeds of the banks, divided by commas.", metavar="N,N,…")],
    clients: Annotated[int, typer.Option("--clients", min=1, help="How many clients each bank has.")] = 3000,
    months: Annotated[int, typer.Option("--months", min=2, help="Full months of its history.")] = 24,
    until: Annotated[
        str | None, typer.Option("--until", help="Last business date, whose night is run.", metavar="DATE")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Run the first night of a demo bank of each seed up to its colours, and count these; below <home>/pyramid."""
    from nightdesk_lab.demonstration import UNTIL
    from nightdesk_lab.pyramid.running import Banks, run_pyramid

    banks = Banks(clients, months, day(until, "--until") if until else UNTIL)
    done = run_pyramid(
        get_settings(), banks, _numbers(seeds), say=lambda line: remarks.print(line, markup=False, highlight=False)
    )
    if as_json:
        say_json({"clients": clients, "months": months, "until": banks.until, **done.document()})
    else:
        show(done, lang)


def _numbers(seeds: str) -> list[int]:
    given = [one.strip() for one in seeds.split(",") if one.strip()]
    if not given or not all(one.isdigit() for one in given) or len(set(given)) < len(given):
        raise UsageError(f"--seeds {seeds!r} names no seeds", "Give different whole numbers, such as 1,2,3.")
    return [int(one) for one in given]


def show(done: Pyramid, lang: Lang) -> None:
    """The shares as a table, a line for each bank, and of each colour above blue what decided, fired and was lived."""
    words: dict[str, Any] = _WORDS[lang]
    heads = [words["truth"][truth] for truth in TRUTHS]
    table = Table(*words["shares"], *heads)
    for share in done.shares():
        table.add_row(
            words["colour"][share.colour],
            f"{share.mean_pct}%",
            f"{share.spread_pct}",
            f"{share.least_pct}-{share.most_pct}%",
            " ".join(str(night.share_pct(share.colour)) for night in done.nights),
            *(str(done.clients(share.colour, truth)) for truth in TRUTHS),
        )
    results.print(table)
    for night in done.nights:
        line = words["bank"].format(
            seed=night.seed,
            at_risk=night.at_risk,
            in_trouble=night.in_trouble,
            gone=night.written_off,
            projects=night.sound_projects_red,
            drawn=night.fully_drawn_red,
            season=night.season_above_blue,
        )
        results.print(line, markup=False, highlight=False)
    for colour in WARNED:
        for name, heading in words["which"].items():
            of = Table(f"{words['colour'][colour]} · {heading}", *heads)
            for what, by in done.most(name, colour)[:_SHOWN]:
                of.add_row(what or words["none"], *(str(by[truth]) for truth in TRUTHS))
            results.print(of)
