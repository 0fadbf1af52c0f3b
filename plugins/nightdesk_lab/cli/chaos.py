"""nightdesk chaos: a night with mail, killed at its writes and run again; two copies of each step at once."""

from collections import Counter
from typing import Annotated

import typer
from rich.table import Table

from nightdesk.cli.options import JsonOption, Lang, LangOption, remarks, results, say_json
from nightdesk.errors import NightdeskError
from nightdesk.settings import get_settings

_FEW = 48
_WORDS = {
    Lang.zh_CN: {
        "headings": ("写入", "中断次数", "与未受扰之夜一致", "去向不明的邮件"),
        "total": "{count} 次试验:{sound} 次与未受扰之夜一致(文件、导出、发件箱),邮件丢失 {lost},重复 {doubled}",
    },
    Lang.en: {
        "headings": ("write", "kills", "as undisturbed", "mails of unknown fate"),
        "total": "{count} trials: {sound} as the undisturbed night (files, exports, outbox); mails lost {lost}, "
        "doubled {doubled}",
    },
}


def chaos(
    full: Annotated[bool, typer.Option("--full", help="Every write, before and after; takes hours.")] = False,
    count: Annotated[int, typer.Option("--count", min=1, help="Without --full: how many kills.")] = _FEW,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Trials at once.")] = 2,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Kill a night with mail at its writes and run it again; nothing may be lost or doubled. Below <home>/chaos."""
    from nightdesk_lab.chaos.running import run_chaos

    done = run_chaos(
        get_settings().home / "chaos",
        count=None if full else count,
        doubles=True,
        jobs=jobs,
        said=lambda verdict: remarks.print(
            f"{'ok' if not verdict.faults else 'FAULT'}  {verdict.name}  {'; '.join(verdict.faults)}", markup=False
        ),
    )
    faulty = [verdict for verdict in done if verdict.faults]
    if as_json:
        say_json([verdict.__dict__ for verdict in done])
    else:
        words = _WORDS[lang]
        kinds = Counter(verdict.kind for verdict in done)
        table = Table(*words["headings"])
        for kind, trials in kinds.items():
            of = [verdict for verdict in done if verdict.kind == kind]
            sound, unknown = sum(not v.faults for v in of), sum(v.uncertain for v in of)
            table.add_row(kind, str(trials), str(sound), str(unknown))
        results.print(table)
        every = [fault for verdict in done for fault in verdict.faults]
        lost = sum("arrived 0 times" in fault for fault in every)
        doubled = sum("arrived" in fault for fault in every) - lost
        total = str(words["total"])
        results.print(
            total.format(count=len(done), sound=len(done) - len(faulty), lost=lost, doubled=doubled), markup=False
        )
    if faulty:
        raise NightdeskError(
            f"{len(faulty)} of {len(done)} trials differ from the undisturbed night, first {faulty[0].name}: "
            f"{faulty[0].faults[0]}",
            "Run that kill alone under a debugger: the place is a number of write in <home>/chaos.",
        )
