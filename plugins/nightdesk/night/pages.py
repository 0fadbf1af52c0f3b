"""Render: the lists of a published night per branch, a page per project, and the quality page, each once.

All of it goes into the folder of the revision; `show_revision` lets readers see it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

from nightdesk.desk.publication import Publication
from nightdesk.errors import StoreError, Unrendered
from nightdesk.mail.compose import Body, list_body
from nightdesk.mail.kept import keep_body, kept_body
from nightdesk.mail.parcel import Parcels, parcels_of
from nightdesk.night.each import Each
from nightdesk.night.page_kind import Kind, Page, Pages, kinds
from nightdesk.night.papers import Papers
from nightdesk.night.persons import Person, recipients
from nightdesk.reading.published_night import PublishedNight, branch_makers, branches_of, wanted_branches
from nightdesk.reading.showing import revision_folder, show
from nightdesk.render.branch import render_mailed, render_view
from nightdesk.render.branch_view import branch_view
from nightdesk.render.made_of import BranchInput
from nightdesk.render.outputs import branch_folder, write_branch
from nightdesk.render.person import person_input, person_view
from nightdesk.settings import Settings

#: branches whose rows are read and held together, and how many clients those have at most: rows of Python take 20 kB
#: for each
BRANCHES_AT_ONCE = 20
_CLIENTS_AT_ONCE = 15_000


def render_branches(
    settings: Settings,
    publication: Publication,
    branches: Sequence[str] | None = None,
    *,
    on_done: Callable[[str], None] | None = None,
) -> int:
    """Render some branches' lists, all by default, each once: page, text, workbook, and the mail that carries them.

    Returns how many branches; `on_done` is told of every one that is written. Raises Unrendered or StoreError at the
    end, naming those that could not be, and UsageError when a branch is not in that night's registry.
    """
    folder = revision_folder(settings, publication)
    each = Each("list", publication.profile, publication.business_date)
    parcels = parcels_of(settings.workbook_keys, settings.mail_max_mb)
    with PublishedNight(settings, publication) as night:
        wanted, own = wanted_branches(night, branches), recipients(night)
        for branch, make in _makers(night, wanted):
            with each.one(branch):
                source = make()
                view = branch_view(source)
                made = render_view(view, source)
                write_branch(folder, branch, made)
                link = _address(settings, publication, branch)
                keep_body(folder, list_body(source, link, view, made, parcels))
                for person in own.of(branch):
                    if not person.sees_all:
                        part = person_input(source, person.staff_id, own.clients_of(person))
                        _keep_part(folder, person, part, link, parcels)
                if on_done:
                    on_done(branch)
    each.require_all()
    return len(wanted)


def _makers(night: PublishedNight, branches: Sequence[str]) -> Iterator[tuple[str, Callable[[], BranchInput]]]:
    """How the input of each branch is made; the rows of some branches are held at a time, however many there are."""
    sizes = {row["branch_id"]: row["client_count"] for row in night.inputs.ask("branch_size")}
    for some in at_once(branches, sizes):
        yield from branch_makers(night, some).items()


def at_once(branches: Sequence[str], clients: Mapping[str, int]) -> Iterator[list[str]]:
    """Branches in their order, as many together as there may be at once; one with more clients is alone."""
    some: list[str] = []
    for branch in branches:
        gathered = sum(clients.get(one, 0) for one in some)
        if some and (len(some) == BRANCHES_AT_ONCE or gathered + clients.get(branch, 0) > _CLIENTS_AT_ONCE):
            yield some
            some = []
        some.append(branch)
    if some:
        yield some


def _address(settings: Settings, publication: Publication, branch: str) -> str | None:
    """The web address of a branch's list; None where the bank serves none, as a path of this machine opens nowhere."""
    if not settings.pages_url:
        return None
    page = branch_folder(Path(publication.business_date.isoformat()), branch) / "list.html"
    return f"{settings.pages_url}/{quote(page.as_posix())}"


def _keep_part(folder: Path, person: Person, source: BranchInput, link: str | None, parcels: Parcels) -> None:
    """Keep the mail of one person's part of a list."""
    view = person_view(source, person.staff_id)
    keep_body(folder, list_body(source, link, view, render_mailed(view, source), parcels), person.staff_id)


def kept_parts(night: PublishedNight, people: Sequence[Person]) -> dict[tuple[str, str], Body]:
    """The mails of some people, by branch and person, as kept_bodies gives branches'; a head has the branch's."""
    folder, revision = revision_folder(night.settings, night.publication), night.publication.revision
    whole = kept_bodies(night, list(dict.fromkeys(one.branch_id for one in people)))
    parts = [one for one in people if not one.sees_all]
    found = {one: kept_body(folder, one.branch_id, revision, one.staff_id) for one in parts}
    if lost := list(dict.fromkeys(one.branch_id for one, body in found.items() if body is None)):
        with suppress(Unrendered, StoreError):
            render_branches(night.settings, night.publication, lost)
        found |= {one: kept_body(folder, one.branch_id, revision, one.staff_id) for one in parts}
    bodies = {one: whole.get(one.branch_id) if one.sees_all else found[one] for one in people}
    return {(one.branch_id, one.staff_id): body for one, body in bodies.items() if body is not None}


def kept_bodies(night: PublishedNight, branches: Sequence[str]) -> dict[str, Body]:
    """The mails of some branches as they were rendered; what is not there whole is rendered first.

    Leaves out those whose list cannot be rendered; the log says why. Raises StoreError when what the lists were made of
    is damaged: nobody is mailed figures that cannot be looked up.
    """
    settings, publication = night.settings, night.publication
    night.require_whole()
    folder = revision_folder(settings, publication)
    found = {branch: kept_body(folder, branch, publication.revision) for branch in branches}
    if lost := [branch for branch, body in found.items() if body is None]:
        with suppress(Unrendered, StoreError):
            render_branches(settings, publication, lost)
        found |= {branch: kept_body(folder, branch, publication.revision) for branch in lost}
    return {branch: body for branch, body in found.items() if body is not None}


def render_pages(settings: Settings, publication: Publication, of: Mapping[str, Kind] | None = None) -> int:
    """Write every page that is no branch's list, of all kinds unless told which; returns how many were tried.

    Each page on its own, and each kind. Raises Unrendered or StoreError at the end, naming those that could not be
    made; a damaged table at once, with the command that repairs it.
    """
    folder = revision_folder(settings, publication)
    each = Each("page", publication.profile, publication.business_date)
    count = 0
    with PublishedNight(settings, publication) as published, Papers(each) as papers:
        night = Pages(published)
        for kind, module in (kinds() if of is None else of).items():
            for page in _read(kind, module, night, each):
                with each.one(page.name):
                    if rest := page.begin(folder):
                        papers.add(page.name, rest)
                count += 1
    each.require_all()
    return count


def _read(kind: str, module: Kind, night: Pages, each: Each) -> Iterator[Page]:
    """What there is to write of a kind, one page at a time: what one is made of is held no longer than it is made.

    A defect of the kind is noted under its name.
    """
    try:
        yield from module.pages(night)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is this kind's alone
        each.note(kind, error)


def show_revision(settings: Settings, publication: Publication) -> list[str]:
    """Let `out/<date>` show the revision, after everything was tried; returns the branches that have no list."""
    return show(settings, publication, branches_of(settings, publication))


def render_night(settings: Settings, publication: Publication, *, on_done: Callable[[str], None] | None = None) -> int:
    """Write every page of a published night, the others too where one cannot be made, and show them; returns how many.

    Raises Unrendered or StoreError, once all others are shown, naming those that could not be made.
    """
    lists = partial(render_branches, settings, publication, on_done=on_done)
    failed: list[StoreError | Unrendered] = []
    count = 0
    try:
        for render in (lists, partial(render_pages, settings, publication)):
            try:
                count += render()
            except (StoreError, Unrendered) as error:
                failed.append(error)
    finally:
        show_revision(settings, publication)
    if failed:
        raise _of_all(failed)
    return count


def _of_all(failed: Sequence[StoreError | Unrendered]) -> StoreError | Unrendered:
    """One error that says what several say; another try may mend it where it may mend each."""
    kind = StoreError if all(isinstance(error, StoreError) for error in failed) else Unrendered
    return kind("; ".join(dict.fromkeys(error.what for error in failed)), failed[0].remedy)
