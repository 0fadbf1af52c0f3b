"""What `out/<date>` shows: one published revision, whole, also while the next one is rendered.

Each revision is rendered into a folder of its own, `out/.revisions/<date>/<revision>-<digest>`, and `out/<date>` is a
link that is moved to it once everything was tried. Who has opened a folder keeps a whole one: the shown revision and
the one before it stay.
"""

import datetime
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, current
from nightdesk.render.inert import escaped
from nightdesk.render.outputs import branch_folder
from nightdesk.settings import Settings
from nightdesk.whole_file import write_whole

#: names the lists of a revision that could not be rendered
NOT_RENDERED = "not_rendered.json"
_REVISIONS = ".revisions"


def shown_folder(settings: Settings, business_date: datetime.date) -> Path:
    """Where readers find a business date's pages."""
    return settings.out / str(business_date)


def held_folder(settings: Settings, business_date: datetime.date) -> Path:
    """Where the quality page of a held attempt lies: beside what is shown, never over it."""
    return settings.out / f"{business_date}.held"


def revision_folder(settings: Settings, publication: Publication) -> Path:
    """Where the pages of one revision are rendered, shown or not; it has the same name in every run."""
    # the state as well: lists show names and addresses, which no published table holds
    content = f"{publication.profile}/{publication.content_hash}/{publication.state_hash}"
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    return _revisions(settings, publication.business_date) / f"{publication.revision}-{digest}"


def is_shown(settings: Settings, publication: Publication) -> bool:
    """Whether `out/<date>` shows this very revision. A folder of before there were links counts by its own word."""
    shown = shown_folder(settings, publication.business_date)
    if not shown.is_symlink():
        return _told_revision(shown) == publication.revision
    return shown.exists() and shown.readlink().name == revision_folder(settings, publication).name


def show(settings: Settings, publication: Publication, branches: Sequence[str]) -> list[str]:
    """Let `out/<date>` show a revision, after everything of it was tried; returns which of `branches` have no list.

    Those are named in the revision's folder too. What is not the standing revision any more is not shown: who
    published the one that is shows it. Repeating it changes nothing.
    """
    folder = revision_folder(settings, publication)
    missing = [one for one in branches if not (branch_folder(folder, one) / "list.html").is_file()]
    if missing:
        write_whole(folder / NOT_RENDERED, (escaped(json.dumps(missing, ensure_ascii=False, indent=1)) + "\n").encode())
    else:
        (folder / NOT_RENDERED).unlink(missing_ok=True)
    with _alone(settings):
        with open_desk(settings).connect() as connection:
            standing = current(connection, publication.profile, publication.business_date)
        if revision_folder(settings, standing) == folder and folder.is_dir():
            _switch(settings, publication.business_date, folder)
    return missing


def _switch(settings: Settings, business_date: datetime.date, folder: Path) -> None:
    # what was held before this night went through, also where it brought nothing new, is answered
    shutil.rmtree(held_folder(settings, business_date), ignore_errors=True)
    shown = shown_folder(settings, business_date)
    if shown.is_symlink() and shown.readlink().name == folder.name:
        return
    if shown.is_dir() and not shown.is_symlink():  # rendered before revisions had folders: it becomes the previous one
        before = folder.with_name(f"{_told_revision(shown) or 0}-before")
        shutil.rmtree(before, ignore_errors=True)
        shown.rename(before)
        previous = before.name
    else:
        previous = shown.readlink().name if shown.is_symlink() else ""
    draft = shown.with_name(f".{shown.name}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(Path(_REVISIONS) / str(business_date) / folder.name)
    draft.replace(shown)
    for old in sorted(folder.parent.iterdir()):
        is_older = _number(old.name) <= _number(folder.name) and old.name not in (folder.name, previous)
        if is_older and not old.is_symlink():
            _retire(old, shown)


def _retire(old: Path, shown: Path) -> None:
    """Remove a revision that nobody reads; a mail's link into it leads to what is shown from then on."""
    if old.name.startswith("."):  # one whose removal was cut off
        shutil.rmtree(old, ignore_errors=True)
        return
    going = old.with_name(f".{old.name}")
    shutil.rmtree(going, ignore_errors=True)
    old.rename(going)
    old.symlink_to(Path("..", "..", shown.name))
    shutil.rmtree(going, ignore_errors=True)


def _revisions(settings: Settings, business_date: datetime.date) -> Path:
    return settings.out / _REVISIONS / str(business_date)


def _number(name: str) -> int:
    head = name.partition("-")[0]
    return int(head) if head.isdigit() else 0


def _told_revision(folder: Path) -> int | None:
    """The revision that a folder's quality page names."""
    try:
        told = json.loads((folder / "quality.json").read_text(encoding="utf-8"))["revision"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, int) else None


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One process at a time moves links; a killed one lets go."""
    place = settings.out / _REVISIONS
    place.mkdir(parents=True, exist_ok=True)
    handle = os.open(place / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
