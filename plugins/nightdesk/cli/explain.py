"""nightdesk explain: tier and colour of one client, with every input behind them."""

from typing import Annotated, Any

import typer

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    say_json,
)
from nightdesk.settings import get_settings


def explain(
    client: Annotated[str, typer.Argument(help="The client's id.")],
    date: DateOption,
    revision: Annotated[int | None, typer.Option("--revision", help="A revision other than the standing one.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Say why: inputs, thresholds, windows, data dates, policy version and source row keys."""
    from nightdesk.reading.explaining import explain as explain_client

    found = explain_client(get_settings(), client, day(date), profile=profile, revision=revision)
    if as_json:
        say_json(found)
    else:
        _print(found, lang)


def _print(found: dict[str, Any], lang: Lang) -> None:
    from nightdesk.cli.explained.credit import Credit
    from nightdesk.cli.explained.ground import Ground
    from nightdesk.cli.explained.tiering import Tiering
    from nightdesk.cli.explained.verdict import Verdict
    from nightdesk.cli.explained.watching import Watching
    from nightdesk.render.catalogue import catalogue

    made_of = (catalogue(lang.value), lang, found["base_ccy"])
    ground, verdict, watching = Ground(*made_of), Verdict(*made_of), Watching(*made_of)
    ground.head(found)
    verdict.colour(found["warning"], found["deciding"], found["floor_rule"], found["indicators"])
    verdict.one_matter(found["one_matter"])
    verdict.capped(found["group_points"])
    verdict.standing(found["warning"], found["score_path"])
    watching.watch(found["watch"])
    watching.plan(found["exit_plan"], found["exit_steps"])
    watching.episodes(found["episodes"])
    watching.decisions(found["decisions"])
    verdict.indicators(found["indicators"])
    verdict.observations(found["observations"])
    verdict.sureties(found["features"]["guarantee_circle"])
    Tiering(*made_of).tier(found)
    Credit(*made_of).loans(found["loans"], found["loan_classes"])
    ground.source_rows(found["source_rows"])
    ground.gaps(found["withheld"], found["basis"])
