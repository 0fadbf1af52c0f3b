"""The one template environment: autoescape for markup, and no silent blanks anywhere."""

from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nightdesk.render.inert import cut, inert
from nightdesk.settings import project_root


def _is_markup(name: str | None) -> bool:
    # A text part is not markup: escaping would print &amp; to people. Everything else is escaped.
    return name is None or not name.endswith(".txt.j2")


def _inert(value: object) -> object:
    """Whatever a template prints, from wherever it comes; markup is our own, or made of what passed here before."""
    return value if not isinstance(value, str) or isinstance(value, Markup) else inert(value)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja2 over reports/, with autoescape and StrictUndefined; all it prints is inert."""
    made = Environment(
        loader=FileSystemLoader(project_root() / "reports"),
        autoescape=_is_markup,  # noqa: S701  (on for all markup)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_inert,
    )
    made.filters["cut"] = cut
    return made


@lru_cache(maxsize=16)
def styles(*names: str) -> Markup:
    """The named style sheets of reports/styles, joined, for a <style> element: our own files, never data."""
    folder = project_root() / "reports" / "styles"
    return Markup("\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names))  # noqa: S704


def fill(template: str, **values: object) -> str:
    """The template of reports/ with its values. An unknown name raises."""
    return environment().get_template(template).render(**values)
