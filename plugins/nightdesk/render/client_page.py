"""A page about one client that is a head, some facts and sections: its view, and the HTML that is made of it."""

from dataclasses import dataclass

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.drawing import WIDTH
from nightdesk.render.environment import fill, styles
from nightdesk.render.project_model import Mark, Sheet


@dataclass(frozen=True)
class Points:
    """A section that is a numbered list: of each point what it is, and what it rests on."""

    title: str
    points: tuple[Fact, ...]
    hint: str = ""


@dataclass(frozen=True)
class ClientPage:
    """Such a page, ready to print. `sheets` come in their order; `verdict` is left out where there is none;
    `is_one_sheet`: it is printed close, on one sheet of paper; `brand`: whose page it is, by default
    Nightdesk's."""

    language: Language
    title: str
    name: str
    id: str
    business_date: str
    when: str
    subtitle: str
    sheets: tuple[Sheet | Points, ...]
    profile: tuple[Fact, ...] = ()
    flags: tuple[Fact, ...] = ()
    verdict: Mark | None = None
    verdict_label: str = ""
    issues: tuple[str, ...] = ()
    notes: tuple[Fact, ...] = ()
    footer: tuple[str, ...] = ()
    is_one_sheet: bool = False
    brand: str = ""

    @property
    def html_lang(self) -> str:
        """The language as markup names it."""
        return "zh-CN" if self.language == "zh_CN" else "en"


def render_client_page(view: ClientPage) -> str:
    """The page as HTML. The same view gives the same bytes."""
    t = catalogue(view.language)
    return fill("client_page.html.j2", view=view, t=t, width=WIDTH, styles=styles("base", "esg", "client_page"))
