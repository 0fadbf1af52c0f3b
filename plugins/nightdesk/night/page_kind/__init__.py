"""Kinds of pages: each module of this folder is one, found by lying here.

A module has `pages(night)`, which reads what all pages of its kind need, once, and gives a Page for each of them. It
may bring a template (reports/<kind>.html.j2) and a question (sql/asked/<name>.sql); nothing else has to know of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.made_of import Notes
from nightdesk.render.outputs import client_file, page_file
from nightdesk.render.paper import printed
from nightdesk.whole_file import write_whole


@dataclass(frozen=True)
class Page:
    """One page: of whom it is, as failures name it, and `begin`, which makes it below the folder it is given.

    Of one that is printed too it reads the night and gives what is left to do (`paper`), which no longer does and may
    be another thread's; of any other it leaves nothing.
    """

    name: str
    begin: Callable[[Path], Callable[[], object] | None]

    def write(self, folder: Path) -> None:
        """All of it."""
        if rest := self.begin(folder):
            rest()


class Pages:
    """A published night as kinds of pages see it: what is read of it for one kind is there for the next."""

    def __init__(self, night: PublishedNight) -> None:
        self.night = night

    @cached_property
    def notes(self) -> Notes:
        """What every page says of the night."""
        return self.night.notes()


class Kind(Protocol):
    """What a module of this folder is."""

    def pages(self, night: Pages) -> Iterator[Page]:
        """The pages of this kind, in any order."""
        ...


def kinds(folder: Iterable[str] | None = None, package: str = __name__) -> dict[str, Kind]:
    """Every kind by its name, in the order of names. Raises TypeError naming the module that gives no pages."""
    found: dict[str, Kind] = {}
    for entry in sorted(iter_modules(__path__ if folder is None else folder), key=lambda entry: entry.name):
        module = import_module(f"{package}.{entry.name}" if package else entry.name)
        if not callable(getattr(module, "pages", None)):
            raise TypeError(f"{module.__file__} gives no pages: it has to define pages(night)")
        found[entry.name] = module
    return found


def html_page(kind: str, identifier: str, render: Callable[[], str]) -> Page:
    """A page `<kind>/<id>.html` of one client, project or person."""
    return Page(identifier, lambda folder: write_whole(page_file(folder, kind, identifier), render().encode()))


def printed_page(kind: str, identifier: str, render: Callable[[], str], day: date, *, with_contents: bool) -> Page:
    """The same with its PDF beside it, `<kind>/<id>.pdf`: what is signed, filed or taken along. The page comes last."""

    return _on_paper(identifier, lambda folder: page_file(folder, kind, identifier), render, day, with_contents)


def client_page(kind: str, client: str, render: Callable[[], str], day: date, part: str = "") -> Page:
    """A page of a client's own folder with its PDF beside it, `client/<id>/<kind>.html`; `part` tells several apart."""

    name = f"{client} {kind} {part}".strip()
    return _on_paper(name, lambda folder: client_file(folder, client, kind, part), render, day)


def _on_paper(
    name: str, place: Callable[[Path], Path], render: Callable[[], str], day: date, with_contents: bool = False
) -> Page:
    return Page(name, lambda folder: paper(place(folder), render(), day, with_contents=with_contents))


def paper(page: Path, html: str, day: date, *, with_contents: bool = False) -> Callable[[], object]:
    """What is left to do of a page that is printed: its PDF beside it, and then the page, which comes last."""
    return partial(_write_both, page, html, day, with_contents)


def _write_both(page: Path, html: str, day: date, with_contents: bool) -> None:
    write_whole(page.with_suffix(".pdf"), printed(html, day, with_contents=with_contents))
    write_whole(page, html.encode())


def drawn_page(kind: str, client: str, render: Callable[[], str], part: str = "") -> Page:
    """The same for the screen alone: a draft, which is printed when it is signed."""
    return Page(
        f"{client} {kind} {part}".strip(),
        lambda folder: write_whole(client_file(folder, client, kind, part), render().encode()),
    )
