"""nightdesk rulebook: every indicator with all that policy says of it, as pages to read and to print."""

from pathlib import Path
from typing import Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.settings import get_settings


def rulebook(
    out: Annotated[Path, typer.Option("--out", help="Folder of the pages.", metavar="DIR")],
    date: Annotated[
        str | None, typer.Option("--date", help="Policy in force on this date; today's.", metavar="DATE")
    ] = None,
    evaluation: Annotated[
        Path | None,
        typer.Option(
            "--evaluation",
            help="An evaluation.json of nightdesk evaluate; without it, the home's that reaches furthest.",
            metavar="FILE",
        ),
    ] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write the rule book: meaning, lines, source, steps, data, changes and last evaluation of every indicator."""
    from nightdesk.bank_profile import load_profile
    from nightdesk.clock import now
    from nightdesk.reading.rulebook import newest_evaluation, read_evaluation, rulebook_input
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.rulebook import render_rulebook

    settings = get_settings()
    bank = load_profile(settings, profile)
    told = read_evaluation(evaluation) if evaluation else newest_evaluation(settings.home / "evaluation", bank.name)
    when = day(date) if date else now().astimezone(bank.zone).date()
    rendered = render_rulebook(rulebook_input(bank.name, when, bank.base_ccy, told))
    first = rendered.write(out)
    if as_json:
        say_json({"profile": bank.name, "date": when, "pages": [out / name for name in rendered.pages]})
    else:
        results.print(catalogue(lang.value)("cli.rulebook.out", n=len(rendered.pages), path=first))
