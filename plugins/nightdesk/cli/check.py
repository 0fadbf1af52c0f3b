"""nightdesk check: the reports of post-loan checks, drafted by the night and filed by people."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from nightdesk.cli.group import NightdeskGroup
from nightdesk.cli.options import (
    JsonOption,
    Lang,
    LangOption,
    PagesOption,
    ProfileOption,
    day_or_none,
    language_or_none,
    pages_folder,
    results,
    say_json,
)
from nightdesk.cli.outbox_table import plain
from nightdesk.settings import get_settings

check_app = typer.Typer(
    cls=NightdeskGroup, help="Reports of post-loan checks: draft, file, list.", no_args_is_help=True
)

DateOption = Annotated[
    str | None, typer.Option("--date", help="Of which night, YYYY-MM-DD; by default the newest.", metavar="DATE")
]


@check_app.command("draft")
def draft(
    loan: Annotated[str, typer.Argument(help="The loan's id.")],
    by: Annotated[str, typer.Option("--by", help="Who writes the report: a staff id.")],
    checker: Annotated[str, typer.Option("--checker", help="Who checks it: another staff id.")],
    out: PagesOption = None,
    date: DateOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: Annotated[Lang | None, typer.Option("--lang", help="By default that of the client's branch.")] = None,
) -> None:
    """The draft of a report: a page with every figure of the night, and a file to write answers and judgement into."""
    from nightdesk.desk.database import open_desk
    from nightdesk.entering.check_report import form_text, is_begun
    from nightdesk.errors import UsageError
    from nightdesk.reading.briefing import opened
    from nightdesk.reading.drafting import drafts
    from nightdesk.render.check_report import check_html
    from nightdesk.render.outputs import path_part
    from nightdesk.whole_file import write_whole

    if by == checker:
        raise UsageError("whoever writes a report does not check it", "Name another person with --checker.")
    settings = get_settings()
    with opened(settings, day_or_none(date), profile) as night:
        people = {str(row["staff_id"]) for row in night.source("staff", "staff_id")}
        if people and (unknown := [one for one in (by, checker) if one not in people]):
            raise UsageError(
                f"the night of {night.publication.business_date} knows nobody {unknown[0]!r}",
                "Correct --by or --checker: each is a staff id.",
            )
        made = drafts(night, open_desk(settings), [loan])
        if loan not in made:
            raise UsageError(
                f"the night of {night.publication.business_date} asks no check of loan {loan!r}",
                "See `nightdesk check list`.",
            )
        found = made[loan]()
        html = check_html(found, night.notes(), language=language_or_none(lang))
    folder = pages_folder(out, settings.home, "checks")
    name = f"check_{path_part(loan)}_{found.business_date}"
    form, page = folder / f"{name}.yaml", folder / f"{name}.html"
    if is_begun(form):
        raise UsageError(
            f"{form} is begun already, and a new draft would lose what was written into it",
            "File it with `check file`, move it away, or draft into another folder with --out.",
        )
    write_whole(form, form_text(found, by, checker).encode())
    write_whole(page, html.encode())
    if as_json:
        say_json({"loan_id": loan, "file": form, "page": page, "facts": found.said})
        return
    for path in (page, form):
        results.print(str(path))


@check_app.command("file")
def file(
    form: Annotated[Path, typer.Argument(help="The completed file of `check draft`.", exists=True, dir_okay=False)],
    by: Annotated[str, typer.Option("--by", help="Who signs: whoever drafted it.")],
    out: Annotated[Path | None, typer.Option("--out", help="The folder for the printed report.")] = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """File a report; refused (exit code 5) where it copies the last one, leaves a point open, or its checker signs."""
    from nightdesk.desk.database import open_desk
    from nightdesk.entering.check_report import file_report, read_form
    from nightdesk.reading.briefing import opened
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.check_report import Filed, check_html
    from nightdesk.render.outputs import path_part
    from nightdesk.render.paper import printed
    from nightdesk.whole_file import write_whole

    settings, said = get_settings(), read_form(form)
    with opened(settings, None, profile) as night:
        kept = file_report(settings, night, open_desk(settings), said, by, profile=profile)
        filed = Filed(
            report_id=kept.report_id,
            checked_on=str(said.checked_on),
            prepared_by=by,
            checker_id=said.checker_id,
            conclusion=said.conclusion,
            judgement=said.judgement,
            report_hash=kept.report_hash,
            answers=said.answers,
            new_points=said.new_points,
            needs=said.needs,
        )
        html = check_html(kept.draft, night.notes(), filed)
    page = pages_folder(out, settings.home, "checks") / f"{path_part(kept.report_id)}.html"
    write_whole(page.with_suffix(".pdf"), printed(html, kept.draft.business_date))
    write_whole(page, html.encode())
    if as_json:
        say_json({"report_id": kept.report_id, "report_hash": kept.report_hash, "page": page})
        return
    results.print(catalogue(lang.value)("cli.check.filed", id=kept.report_id, hash=kept.report_hash))
    results.print(str(page.with_suffix(".pdf")))


@check_app.command("list")
def list_checks(
    client: Annotated[str | None, typer.Option("--client", help="Of one client.", metavar="ID")] = None,
    date: DateOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """The checks that are due within the notice or overdue, the first of each loan, and how its last report ended."""
    from nightdesk.reading.briefing import opened
    from nightdesk.render.catalogue import catalogue

    with opened(get_settings(), day_or_none(date), profile) as night:
        rows = night.inputs.ask("check_due", "where is_near")
        reports = {row["loan_id"]: row for row in night.inputs.ask("check_standing", "where place = 1")}
    rows = [row for row in rows if client is None or row["client_id"] == client]
    rows.sort(key=lambda row: (str(row["due_on"]), str(row["loan_id"])))
    for row in rows:
        last = reports.get(row["loan_id"], {})
        row |= {"last_report_id": last.get("report_id"), "last_checked_on": last.get("checked_on")}
    if as_json:
        say_json({"date": night.publication.business_date, "checks": rows})
        return
    t = catalogue(lang.value)
    names = ("loan_id", "client_id", "kind", "due_on", "state", "last_checked_on")
    table = Table(*(Column(t(f"cli.check.{name}")) for name in names), title_justify="left")
    for row in rows:
        words = {
            **row,
            "kind": t.label("post_loan_kind", row["kind"]),
            "state": t.label("check_state", row["state"]),
            "last_checked_on": row["last_checked_on"] or t("none"),
        }
        table.add_row(*(plain(str(words[name])) for name in names))
    results.print(table)
