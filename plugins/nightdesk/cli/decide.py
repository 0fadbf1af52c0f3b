"""nightdesk decide: what a person decides about something that the newest night shows, kept for the nights to come."""

import datetime
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand

from nightdesk.cli.night import say_result, step_progress, summary
from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, day, day_or_none, results, say_json
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.entering.decision import Decided
    from nightdesk.entering.refusing import Wanted
    from nightdesk.render.catalogue import Catalogue

#: decided about a night that the checks hold, which no published one shows: it is no file of sql/asked/decidable/
RELEASE = "release"


class DecideCommand(TyperCommand):
    """Names in its help what can be decided about and by which key, as its questions in sql/asked/decidable/ say it."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with every subject and its key."""
        from nightdesk.reading.decidable import keys

        told = keys() | {RELEASE: "DATE (a held night's business date)"}
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

    The newest decision about a thing counts: the answer says which one it replaces, and from which night on. A held
    night that two people approve goes on at once, as with `nightdesk release`, in both names; it mails nobody.
    """
    from nightdesk.bank_profile import load_profile
    from nightdesk.entering.decision import decide as take
    from nightdesk.entering.refusing import Wanted
    from nightdesk.render.catalogue import catalogue

    settings = get_settings()
    end = day_or_none(until, "--until")
    wanted = Wanted(subject, key, verdict, by, checker, end, note)
    if subject == RELEASE:
        _release(wanted, profile, lang, as_json=as_json)
        return
    done = take(settings, wanted, profile=profile)
    if as_json:
        say_json(asdict(done))
        return
    t = catalogue(lang.value)
    _say_taken(done, t)
    results.print(t("cli.decide.counts_from", night=done.counts_from))
    _say_replaced(done, load_profile(settings, profile).zone, t)


def _release(wanted: "Wanted", profile: str | None, lang: Lang, *, as_json: bool) -> None:
    """Decide about a held night, and tell what came of it."""
    from nightdesk.bank_profile import load_profile
    from nightdesk.night.releasing import decide_release
    from nightdesk.render.catalogue import catalogue

    settings, held = get_settings(), day(wanted.subject_key, "KEY")
    with step_progress(lang) as progress:
        one = replace(wanted, subject_key=str(held))
        done, result = decide_release(settings, one, held, profile=profile, progress=progress)
    if as_json:
        say_json(asdict(done) | {"night": None if result is None else summary(result, is_sending=False)})
        return
    t = catalogue(lang.value)
    _say_taken(done, t)
    _say_replaced(done, load_profile(settings, profile).zone, t)
    if result is None:
        results.print(t("cli.decide.stays_held", date=held))
    else:
        say_result(result, lang, is_sending=False)


def _say_taken(done: "Decided", t: "Catalogue") -> None:
    results.print(t("cli.decide.taken" if done.is_new else "cli.decide.known", id=done.decision_id))


def _say_replaced(done: "Decided", zone: datetime.tzinfo, t: "Catalogue") -> None:
    if done.replaces:
        stood = done.replaces
        verdict = t.label("decision_verdict", stood.verdict)
        when = stood.decided_at.astimezone(zone).date()
        results.print(t("cli.decide.replaces", id=stood.decision_id, verdict=verdict, by=stood.decided_by, day=when))
