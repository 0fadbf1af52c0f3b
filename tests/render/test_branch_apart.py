"""N x N: whatever a branch is sent holds its own clients, and a sign of nobody else's."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from branch_sample import (
    BRANCH,
    CAPPED,
    CLEARED,
    CLIENTS,
    DECIDING,
    PATHS,
    SIGNALS,
    STEPS,
    TASKS,
    TIERS,
    WARNINGS,
    WITHHELD,
    branch_input,
    render_branch,
)

from nightdesk.errors import NightdeskError
from nightdesk.render.branch import render_mail_html
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.render.made_of import BranchInput

BRANCHES = ("B001", "B002", "B003")


def of(branch: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as a branch has them: ids, names and reasons carry its canary."""
    canary = f"KANARI{branch}"
    found = []
    for row in rows:
        own = dict(row)
        for name in ("client_id", "loan_id", "project_id", "row_key"):
            if own.get(name):
                own[name] = f"{canary}-{own[name]}"
        for name in ("name", "short_name", "feedback_note"):
            if own.get(name):
                own[name] = f"{canary}{own[name]}"
        for name in ("reason_zh", "reason_en"):
            if own.get(name):
                own[name] = f"{own[name]} {canary}"
        if "branch_id" in own:
            own["branch_id"] = branch
        found.append(own)
    return found


def source_of(branch: str, language: Language, mode: str) -> BranchInput:
    """The sample as the list of one branch."""
    tables = {
        "clients": CLIENTS,
        "tasks": TASKS,
        "steps": STEPS,
        "deciding": DECIDING,
        "paths": PATHS,
        "capped": CAPPED,
        "signals": SIGNALS,
        "cleared": CLEARED,
        "tiers": TIERS,
        "warnings": WARNINGS,
        "withheld": WITHHELD,
    }
    names = {"name": f"KANARI{branch}支行", "name_en": f"KANARI{branch} Branch"}
    registry = BRANCH | names | {"branch_id": branch, "mail_mode": mode}
    return branch_input(language, branch=registry, **{name: of(branch, rows) for name, rows in tables.items()})


def forms(source: BranchInput) -> dict[str, str]:
    """Everything that is written for a branch: page, text, mail, and each part of the workbook, its properties too."""
    view, rendered = branch_view(source), render_branch(source)
    parts = {"html": rendered.html, "text": rendered.text, "mail": render_mail_html(view, source, "")}
    with zipfile.ZipFile(io.BytesIO(rendered.xlsx_bytes)) as book:
        parts |= {name: book.read(name).decode("utf-8") for name in book.namelist()}
    return parts


@pytest.mark.parametrize("mode", ["masked", "full"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_given_branches_when_rendered_then_no_part_of_any_form_has_a_sign_of_another(
    language: Language, mode: str
) -> None:
    for branch in BRANCHES:
        parts = forms(source_of(branch, language, mode))
        assert "docProps/core.xml" in parts
        for name in ("html", "text", "mail", "xl/sharedStrings.xml", "docProps/core.xml"):
            assert f"KANARI{branch}" in parts[name], "the canary sings in its own cage"
        for other in BRANCHES:
            heard = [name for name, content in parts.items() if other != branch and f"KANARI{other}" in content]
            assert not heard, (branch, other)


@pytest.mark.parametrize(
    "table",
    [
        "tasks",
        "steps",
        "plan_steps",
        "deciding",
        "paths",
        "capped",
        "signals",
        "episodes",
        "watched",
        "cleared",
        "warnings",
        "tiers",
    ],
)
def test_given_one_row_of_another_branch_in_any_table_when_rendered_then_the_list_is_refused(table: str) -> None:
    source = source_of("B001", "zh_CN", "masked")
    strange = {"branch_id": "B002", "client_id": "C1", "indicator": "T01", "task_key": "K", "last_seen": None}
    rows = [*getattr(source, table), strange | {"opened_on": None}]
    with pytest.raises(NightdeskError, match="branch B002 came to the list of branch B001"):
        render_branch(replace(source, **{table: rows}))
