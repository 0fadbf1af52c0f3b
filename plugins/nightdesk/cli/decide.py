"""nightdesk decide: what a person decides about something that the newest night shows, kept for the nights to come."""

from typing import Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.settings import get_settings


def decide(
    subject: Annotated[str, typer.Argument(help="What kind of thing: episode, override, class and so on.")],
    key: Annotated[str, typer.Argument(help="Which one: its id, as the newest published night has it.")],
    verdict: Annotated[str, typer.Option("--verdict", help="confirm, reject, approve, false_alarm, snooze or close.")],
    by: Annotated[str, typer.Option("--by", help="Who decides: a staff id.")],
    checker: Annotated[str | None, typer.Option("--checker", help="The second person, where one is needed.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Until when, YYYY-MM-DD.", metavar="DATE")] = None,
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Decide about an episode, a manual tier, a loan's class; refused (exit code 5) where policy says somebody else."""
    from nightdesk.entering import decision
    from nightdesk.render.catalogue import catalogue

    end = None if until is None else day(until, "--until")
    wanted = decision.Wanted(subject, key, verdict, by, checker, end, note)
    done = decision.decide(get_settings(), wanted, profile=profile)
    if as_json:
        say_json({"decision_id": done.decision_id, "decided_at": done.decided_at, "is_new": done.is_new})
        return
    t = catalogue(lang.value)
    results.print(t("cli.decide.taken" if done.is_new else "cli.decide.known", id=done.decision_id))
