"""nightdesk esg edit, met, review, due: a project's review is prepared, its conditions met, its page made anew."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    ProfileOption,
    day,
    day_or_none,
    results,
    say_json,
)  # fmt: skip
from nightdesk.cli.outbox_table import plain
from nightdesk.settings import get_settings

ProjectArgument = Annotated[str, typer.Argument(help="The project's id.")]
ByOption = Annotated[str, typer.Option("--by", help="Who does it: a staff id.")]


def edit(
    project: ProjectArgument,
    period: Annotated[str, typer.Option("--period", help="Last day of the period reviewed.", metavar="DATE")],
    file: Annotated[Path, typer.Option("--file", help="YAML: verdict, judgement, conditions and so on.")],
    by: ByOption,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Prepare the review of a project and period on the facts of the newest night; another person approves it.

    FILE: verdict (pass, conditional, fail), judgement, next_review_on, site_visit_on, consultant_on, and conditions,
    a list of id, condition, due_on, before_draw, met_on, evidence_id.
    """
    from nightdesk.entering.esg_review import prepare
    from nightdesk.render.catalogue import catalogue

    done = prepare(get_settings(), project, day(period, "--period"), file, by, profile=profile)
    if as_json:
        say_json(done.__dict__)
        return
    word = "cli.esg.prepared" if done.is_new else "cli.esg.known"
    values = {"review": done.subject_key, "day": done.facts_on, "hash": done.facts_hash[:12], "n": done.conditions}
    results.print(catalogue(lang.value)(word, **values))


def met(
    condition: Annotated[str, typer.Argument(help="The condition's id, as the newest night has it.")],
    on: Annotated[str, typer.Option("--on", help="Since when it is met.", metavar="DATE")],
    evidence: Annotated[str, typer.Option("--evidence", help="The number of the evidence.")],
    by: ByOption,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Enter that a condition of an approved review is met: from the next night on it stops no draw."""
    from nightdesk.entering.esg_review import meet
    from nightdesk.render.catalogue import catalogue

    is_new = meet(get_settings(), condition, day(on, "--on"), evidence, by, profile=profile)
    if as_json:
        say_json({"condition_id": condition, "is_new": is_new})
        return
    results.print(catalogue(lang.value)("cli.esg.met" if is_new else "cli.esg.met_known", condition=condition))


def review(
    project: ProjectArgument,
    period: Annotated[
        str | None, typer.Option("--period", help="Last day of the period reviewed (the newest).", metavar="DATE")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to (the present one).")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Write the review of a project as page and PDF, as the newest published night has it."""
    from nightdesk.night.review_asked import write_review
    from nightdesk.render.catalogue import catalogue

    end = day_or_none(period, "--period")
    paths = write_review(get_settings(), project, end, out or Path(), lang.value, profile=profile)
    if as_json:
        say_json({"paths": paths})
        return
    t = catalogue(lang.value)
    results.print(t("cli.esg.written", paths=t("list.join").join(str(path) for path in paths)))


def due(
    date: DateOption,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Environmental and social reviews that are overdue or due, those that wait for their approval, and those sent
    back, as the published night of a date has them."""
    from nightdesk.night.review_asked import due_counts, reviews_due
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.figures import Figures
    from nightdesk.render.project_sheets import due_basis

    on = day(date)
    rows = reviews_due(get_settings(), on, profile=profile)
    if as_json:
        say_json({"date": on, "reviews": rows})
        return
    t, figures = catalogue(lang.value), Figures(lang.value, "")
    table = Table(
        *(t(f"cli.esg.{name}") for name in ("state", "project", "review", "asked_by", "due", "late", "last_done")),
        title=t("cli.esg.due_title", day=on, **due_counts(rows)),
        title_justify="left",
    )
    for row in rows:
        cells = (
            t(f"due_state.{row['state']}"),
            row["project_id"],
            t.label("esg_due_kind", row["kind"]),
            due_basis(row, t, figures),
            str(row["due_on"]),
            str(row["late_days"] or t("none")),
            str(row["done_on"] or t("none")),
        )
        table.add_row(*(plain(cell) for cell in cells))
    results.print(table)


COMMANDS = (edit, met, review, due)
