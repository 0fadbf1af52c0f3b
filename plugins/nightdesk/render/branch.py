"""One branch's list as a page, as text, as a workbook and as the body of a mail."""

from dataclasses import dataclass

import css_inline

from nightdesk.render.branch_model import BranchView
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.inputs import BranchInput
from nightdesk.render.workbook import branch_workbook

#: how many rows of a side section a page names before it points to the workbook
SECTION_ROWS = 60
#: the same in a mail
MAIL_ROWS = 12
#: Gmail clips what is longer
MAIL_BYTES = 100_000


@dataclass(frozen=True)
class Rendered:
    """A branch's list in every form. The same input gives the same bytes."""

    html: str
    text: str
    xlsx_bytes: bytes


def render_branch(source: BranchInput) -> Rendered:
    """The list of one branch.

    Raises NightdeskError when rows of another branch, or floats, are among its input.
    """
    return render_view(branch_view(source), source)


def render_view(view: BranchView, source: BranchInput) -> Rendered:
    """The forms of a list whose view is already made."""
    t = catalogue(source.language)
    return Rendered(
        html=fill("list.html.j2", view=view, t=t, limit=SECTION_ROWS, styles=styles("base", "list")),
        text=fill("list.txt.j2", view=view, t=t, limit=SECTION_ROWS),
        xlsx_bytes=branch_workbook(view, t, base_ccy=source.notes.base_ccy, made_on=source.notes.morning),
    )


def render_mail_html(view: BranchView, source: BranchInput, attachment: str) -> str:
    """The list as the HTML part of a mail: styles inlined, at most MAIL_BYTES, what is left out counted."""
    low, high = 0, len(view.rest)
    best = _mail_html(view, source, attachment, high)
    if len(best.encode()) <= MAIL_BYTES:
        return best
    best = _mail_html(view, source, attachment, 0)
    while low < high:
        middle = (low + high + 1) // 2
        candidate = _mail_html(view, source, attachment, middle)
        if len(candidate.encode()) <= MAIL_BYTES:
            low, best = middle, candidate
        else:
            high = middle - 1
    return best


def _mail_html(view: BranchView, source: BranchInput, attachment: str, cards: int) -> str:
    page = fill(
        "mail.html.j2",
        view=view,
        t=catalogue(source.language),
        cards=cards,
        limit=MAIL_ROWS,
        attachment=attachment,
        styles=styles("mail"),
    )
    return inlined(page)


def inlined(page: str) -> str:
    """The page with its styles on the elements, as mail readers need it; nothing is loaded from anywhere."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(page)
