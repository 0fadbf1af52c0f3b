"""A page as a tagged PDF: A4, numbered pages, its font embedded as a subset; the same bytes for the same page."""

import json
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import local
from typing import Any, Final

import typst

from nightdesk.render.paper.fonts import family, fonts, shown
from nightdesk.render.paper.layout import document
from nightdesk.render.paper.markup import parsed
from nightdesk.settings import project_root

#: accessible to readers of the text alone; refuses a glyph that no font has, and a heading out of order
_STANDARD: Final = "ua-1"
#: points of a page's letters
_SIZE: Final = 9.0
#: those of a page that is one sheet: as large as fits on it, and the last where none does. Most fit at once, so that
#: setting one anew costs less than measuring each before it is set
_SHEET_SIZES: Final = (8.0, 7.6, 7.2, 6.8, 6.4)
_COUNT: Final = re.compile(rb"/Type/Pages/Count (\d+)")


def printed(html: str, day: date, *, with_contents: bool = False) -> bytes:
    """The PDF of one of our pages. `day` is its business date, which the file calls its own.

    `with_contents` sets a table of contents before the first section. Raises PolicyError where no font has Chinese.
    """
    page: dict[str, Any] = document(parsed(html))
    page |= {"family": family(), "tones": _tones(), "with_contents": with_contents}
    made = b""
    for size in _SHEET_SIZES if page["tight"] else (_SIZE,):
        made = _set(page | {"size": size}, day)
        if _sheets(made) == 1:
            break
    return made


def _set(page: dict[str, Any], day: date) -> bytes:
    """A page's data as a PDF."""
    text = shown(json.dumps(page, ensure_ascii=False))
    _forget_for(len(text))
    made = _compiler().compile(
        sys_inputs={"page": text},
        format="pdf",
        pdf_standards=_STANDARD,
        timestamp=datetime.combine(day, datetime.min.time(), UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError(f"the typesetter gave {type(made).__name__} for a PDF")
    return made


def _sheets(pdf: bytes) -> int:
    """How many sheets a PDF of the typesetter's has. Raises ValueError where it does not say so as it used to."""
    if not (found := _COUNT.search(pdf)):
        raise ValueError("the typesetter's PDF does not say how many sheets it has")
    return int(found[1])


#: the typesetter of each thread: one that is at work refuses another's page
_own: Final = local()
#: pages after which the typesetter lets go of what it worked out for one, in case the next is hardly another
_REMEMBERED: Final = 10
#: letters of pages that it may remember: every one of ours is another, and each costs some two hundred bytes a letter
_MOST_LETTERS: Final = 250_000


def _compiler() -> typst.Compiler:
    if not hasattr(_own, "compiler"):
        template = project_root() / "reports" / "paper.typ"
        _own.compiler = typst.Compiler(str(template), font_paths=fonts(), ignore_system_fonts=True)
    compiler: typst.Compiler = _own.compiler
    return compiler


def _forget_for(letters: int) -> None:
    """Let the typesetter forget earlier pages where they and one of so many letters are more than it may remember.

    It forgets by number of pages alone, so blank ones push out what it has.
    """
    remembered = getattr(_own, "letters", 0) + letters
    if remembered > _MOST_LETTERS:
        blank = typst.Compiler(ignore_system_fonts=True)
        for _ in range(_REMEMBERED + 1):
            blank.compile(b" ", format="svg")
        remembered = letters
    _own.letters = remembered


@lru_cache(maxsize=1)
def _tones() -> dict[str, str]:
    """The colours of the pages' own style sheet, by name."""
    style = (project_root() / "reports" / "styles" / "base.css").read_text(encoding="utf-8")
    root = style[: style.index("}")]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", root))
