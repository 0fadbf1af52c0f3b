"""nightdesk feedback: answers to cards, from the workbook as it was mailed, a CSV file, or one by one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, remarks, results, say_json
from nightdesk.errors import Refused, UsageError
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.entering.answers import Taken

feedback_app = typer.Typer(
    help="What branches answer to their cards: import a file, give one answer.", no_args_is_help=True
)

ByOption = Annotated[str | None, typer.Option("--by", help="Who answers, where the file does not say: a staff id.")]


@feedback_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The workbook (.xlsx) as it was mailed, or a CSV file.")],
    by: ByOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Take the answers of a file, row by row: the good ones count, each bad one is told in a line (exit code 5).

    The same file twice counts once. A false alarm waits until a second person says so too.
    """
    from nightdesk.entering.answer_file import LARGEST_FILE, file_source, read_answers
    from nightdesk.entering.answering import take_answers

    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"{file.name} cannot be read ({error.strerror})", "Name a workbook or a CSV file.") from None
    answers = [answer.said_by(by or "") for answer in read_answers(content)]
    done = take_answers(get_settings(), answers, source=file_source(content), profile=profile)
    say_taken(done, lang, as_json=as_json)


@feedback_app.command()
def give(
    code: Annotated[str, typer.Argument(help="The code on the card.")],
    answer: Annotated[str, typer.Argument(help="done, false_alarm, transferred or later, or the list's own word.")],
    by: Annotated[str, typer.Option("--by", help="Who answers: a staff id.")],
    note: Annotated[str, typer.Option("--note", help="What to note; with later, a date in it says until when.")] = "",
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Answer one card, or be the second who calls its warning a false alarm; refused with exit code 5."""
    from nightdesk.entering.answering import take_answers
    from nightdesk.entering.answers import Answer

    given = Answer(1, code.strip().removeprefix("#").upper(), answer, note, by)
    say_taken(take_answers(get_settings(), [given], source="give", profile=profile), lang, as_json=as_json)


def say_taken(done: "Sequence[Taken]", lang: Lang, *, as_json: bool) -> None:
    """How many were taken, a line for each given for a colleague or while on leave, and for each not taken; raises
    Refused where there is one.
    """
    from nightdesk.render.catalogue import catalogue

    t = catalogue(lang.value)
    bad = [one for one in done if one.state == "refused"]
    counts = {state: sum(one.state == state for one in done) for state in ("taken", "proposed", "confirmed", "known")}
    if as_json:
        say_json({**counts, "refused": len(bad), "rows": [one.__dict__ for one in done]})
    else:
        results.print(t("cli.feedback.taken", refused=len(bad), **counts))
        for one in (one for one in done if one.answered_for):
            results.print(
                t("cli.feedback.answered_for", n=one.number, code=one.code, by=one.by, whose=one.answered_for)
            )
        for one in (one for one in done if one.is_away):
            results.print(t("cli.feedback.is_away", n=one.number, code=one.code, by=one.by))
        for one in bad:
            remarks.print(f"row {one.number}{' ' + one.code if one.code else ''}: {one.said}")
    if bad:
        raise Refused(
            f"{len(bad)} of {len(done)} answers were not taken",
            "Correct it and give it again."
            if len(done) == 1
            else "The others were. Correct those rows and give them in.",
        )
