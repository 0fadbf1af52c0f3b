"""Where pages are written: below out/<business date>, each file whole or not at all."""

import os
from pathlib import Path
from urllib.parse import quote

from nightdesk.render.branch import Rendered
from nightdesk.render.quality import RenderedQuality


def path_part(identifier: str) -> str:
    """An id as one path segment: percent-encoded, so that no id can leave its folder."""
    encoded = quote(identifier, safe="")
    return encoded.replace(".", "%2E") if set(encoded) <= {"."} else encoded


def write_branch(folder: Path, branch_id: str, rendered: Rendered) -> Path:
    """Write branch/<id>/list.{html,txt,xlsx} below the date's folder; returns the branch's folder."""
    target = folder / "branch" / path_part(branch_id)
    write_whole(target / "list.xlsx", rendered.xlsx_bytes)
    write_whole(target / "list.txt", rendered.text.encode())
    write_whole(target / "list.html", rendered.html.encode())
    return target


def write_project(folder: Path, project_id: str, page: str) -> Path:
    """Write esg/<project id>.html below the date's folder; returns the file."""
    target = folder / "esg" / f"{path_part(project_id)}.html"
    write_whole(target, page.encode())
    return target


def write_quality(folder: Path, rendered: RenderedQuality) -> Path:
    """Write quality.html and its twin quality.json below the date's folder; returns the page."""
    write_whole(folder / "quality.json", rendered.json.encode())
    write_whole(folder / "quality.html", rendered.html.encode())
    return folder / "quality.html"


def write_whole(target: Path, content: bytes) -> None:
    """Write a file beside its place and move it there: a reader sees the old or the new one, never half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
