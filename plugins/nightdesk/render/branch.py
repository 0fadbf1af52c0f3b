"""One branch's list as a page, as text, as a workbook and as the body of a mail."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import css_inline

from nightdesk.render.branch_model import BranchView
from nightdesk.render.branch_paper import paper_of
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.made_of import BranchInput, Notes
from nightdesk.render.missing import release_words
from nightdesk.render.sheets import SheetContent, note_sheet, sheets_of
from nightdesk.render.workbook import branch_workbook

#: how many rows of a side section a page names before it points to the workbook
SECTION_ROWS = 60
#: the same in a mail
MAIL_ROWS = 12
#: Gmail clips what is longer
MAIL_BYTES = 100_000
#: what a mail says of each section, the fullest that fits: rows of a short list, letters of a reason, cards as lines
_MAIL_LEVELS = ((MAIL_ROWS, 400, False), (MAIL_ROWS, 120, False), (4, 60, True))
#: facts that tell one run from another and say nothing of a client
_OF_THE_RUN = ("flag.restated", "note.cutoff", "note.revision", "note.policy")


@dataclass(frozen=True)
class Mailed:
    """What a mail carries of a list. The same input gives the same bytes.

    `content_digest` is of what the list says: two revisions have the same one where its reader would learn nothing new.
    """

    text: str
    xlsx_bytes: bytes
    content_digest: str


@dataclass(frozen=True)
class Rendered(Mailed):
    """A branch's list in every form: its page as well."""

    html: str


def render_view(view: BranchView, source: BranchInput) -> Rendered:
    """The forms of a list whose view is already made."""
    mailed = render_mailed(view, source)
    page = fill(
        "list.html.j2",
        view=view,
        t=catalogue(source.language),
        limit=SECTION_ROWS,
        paper=paper_of(view),
        styles=styles("base", "list"),
    )
    return Rendered(mailed.text, mailed.xlsx_bytes, mailed.content_digest, page)


def render_mailed(view: BranchView, source: BranchInput) -> Mailed:
    """What a mail carries of a list whose view is already made: a person's part is mailed and has no page."""
    t, notes = catalogue(source.language), source.notes
    sheets = sheets_of(view, t, notes.base_ccy)
    return Mailed(
        text=fill("list.txt.j2", view=view, t=t, limit=SECTION_ROWS),
        xlsx_bytes=branch_workbook(view, sheets, t, made_on=notes.morning),
        content_digest=_content_digest(view, sheets, t, notes),
    )


def _content_digest(view: BranchView, sheets: Sequence[SheetContent], t: Catalogue, notes: Notes) -> str:
    """A digest of the text and of every sheet, without what names the run that made them.

    A release is part of it; that a replay took it over is not.
    """
    of_the_run = {t(key) for key in _OF_THE_RUN}
    released = replace(notes.released, is_replayed=False) if notes.released else None
    bare = replace(
        view,
        revision="",
        answering="",
        flags=tuple(
            replace(fact, value=release_words(released, t)) if released and fact.label == t("flag.released") else fact
            for fact in view.flags
            if fact.label not in of_the_run
        ),
        notes=tuple(fact for fact in view.notes if fact.label not in of_the_run),
    )
    said = fill("list.txt.j2", view=bare, t=t, limit=SECTION_ROWS)
    rows = [list(map(list, sheet.rows)) for sheet in (*sheets[:-1], note_sheet(bare, t))]
    return hashlib.sha256(f"{said}\n{rows!r}".encode("utf-8", "surrogatepass")).hexdigest()


def render_mail_html(view: BranchView, source: BranchInput, attached: str) -> str:
    """The list as the HTML part of a mail: styles inlined, at most MAIL_BYTES whatever the names, what is left out
    counted. `attached` says what comes with the mail, or why nothing does.
    """
    high = len(view.reds) + len(view.rest)
    for limit, longest, is_brief in _MAIL_LEVELS:
        made = partial(_mail_html, view, source, attached, limit=limit, longest=longest, is_brief=is_brief)
        if _fits(whole := made(high)):
            return whole  # as most do: nothing is left out
        if _fits(best := made(0)):
            break
    low = 0
    while low < high:
        middle = (low + high + 1) // 2
        candidate = made(middle)
        if _fits(candidate):
            low, best = middle, candidate
        else:
            high = middle - 1
    return best


def _fits(page: str) -> bool:
    return len(page.encode()) <= MAIL_BYTES


def _mail_html(
    view: BranchView, source: BranchInput, attached: str, shown: int, *, limit: int, longest: int, is_brief: bool
) -> str:
    page = fill(
        "mail.html.j2",
        view=view,
        t=catalogue(source.language),
        shown=shown,
        limit=limit,
        longest=longest,
        brief=is_brief,
        attached=attached,
        styles=styles("mail"),
    )
    return inlined(page)


def inlined(page: str) -> str:
    """The page with its styles on the elements, as mail readers need it; nothing is loaded from anywhere."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(page)
