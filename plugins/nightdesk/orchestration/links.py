"""Links from a task to the night's pages, where the bank serves them (NIGHTDESK_PAGES_URL); without that, none."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from airflow.sdk import BaseOperatorLink

from nightdesk.orchestration.runs import business_date_in
from nightdesk.reading.showing import held_folder, shown_folder
from nightdesk.settings import Settings, get_settings

_PAGE = "quality.html"


class QualityPage(BaseOperatorLink):
    """The quality page of the night that readers see."""

    name = "质量页 · Quality page"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002  # Airflow passes by name
        """The page's address, once the task has ended; empty while there is no such page."""
        return _address(shown_folder, ti_key)


class HeldPage(BaseOperatorLink):
    """The quality page of an attempt that the checks hold."""

    name = "暂停发布原因 · Why it is held"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002
        """The page's address; empty where the night is not held."""
        return _address(held_folder, ti_key)


def with_links(made: Any, *links: BaseOperatorLink) -> Any:
    """The task, with links to pages where there is an address for them."""
    if get_settings().pages_url:
        made.operator.operator_extra_links = links
    return made


def page_address(settings: Settings, folder: Path) -> str:
    """Where the quality page of a folder below `<home>/out` is served; empty where it is not, or there is none."""
    page = folder / _PAGE
    return f"{settings.pages_url}/{page.relative_to(settings.out)}" if settings.pages_url and page.is_file() else ""


def _address(folder_of: Callable[[Settings, datetime.date], Path], ti: Any) -> str:
    """In a worker Airflow hands over the running task itself for its key."""
    settings = get_settings()
    return page_address(settings, folder_of(settings, business_date_in(ti.get_template_context())))
