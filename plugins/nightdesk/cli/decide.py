"""nightdesk decide: what a person decides about something that the newest night shows, kept for the nights to come."""

import datetime
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, results, say_json
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.entering.decision import Decided
    from nightdesk.render.catalogue import Catalogue


class DecideCommand(TyperCommand):
    """Names in its help what can be decided about and by which key, as its questions in sql/asked/decidable/ say it."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with every subject and its key."""
        from nightdesk.reading.decidable import keys

        told = keys()
        each = "; ".join(f"of {subject} {key}" for subject, key in told.items())
        words = {
            "subject": f"What kind of thing: one of {', '.join(told)}.",
            "key": f"Which one, as the newest published night has it: {each}.",
        }
        for parameter in self.params:
            if isinstance(parameter, TyperArgument) and parameter.name in words:
                parameter.help = words[parameter.name]
        super().format_help(ctx, formatter)


def decide(
    subject: Annotated[str, typer.Argument(help="What kind of thing.")],
    key: Annotated[str, typer.Argument(help="Which one.")],
    verdict: Annotated[str, typer.Option("--verdict", help="confirm, reject, approve, false_alarm, snooze or close.")],
    by: Annotated[str, typer.Option("--by", help="Who decides: a staff id.")],
    checker: Annotated[str | None, typer.Option("--checker", help="The second person, where one is needed.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Until when, YYYY-MM-DD.", metavar="DATE")] = None,
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Decide about an episode, a manual tier, a loan's class; refused (exit code 5) where policy says somebody else.

    The newest decision about a thing counts: the answer says which one it replaces, and from which night on.
    """
    from nightdesk.bank_profile import load_profile
    from nightdesk.entering import decision
    from nightdesk.render.catalogue import catalogue

    settings = get_settings()
    end = None if until is None else day(until, "--until")
    wanted = decision.Wanted(subject, key, verdict, by, checker, end, note)
    done = decision.decide(settings, wanted, profile=profile)
    if as_json:
        say_json(asdict(done))
        return
    _say(done, load_profile(settings, profile).zone, catalogue(lang.value))


def _say(done: "Decided", zone: datetime.tzinfo, t: "Catalogue") -> None:
    results.print(t("cli.decide.taken" if done.is_new else "cli.decide.known", id=done.decision_id))
    results.print(t("cli.decide.counts_from", night=done.counts_from))
    if done.replaces:
        stood = done.replaces
        verdict = t.label("decision_verdict", stood.verdict)
        when = stood.decided_at.astimezone(zone).date()
        results.print(t("cli.decide.replaces", id=stood.decision_id, verdict=verdict, by=stood.decided_by, day=when))
