"""Codes that a page in Chinese shows as they are in the data, where its reader should find words."""

import html
import re
from functools import cache

from nightdesk.contract import contract

_WORD = re.compile(r"(?<![A-Za-z0-9_./%@=#:-])[a-z][a-z]*(?:_[a-z]+)*(?![A-Za-z0-9_./@=:-])")


@cache
def _listed() -> frozenset[str]:
    """Every value that the contract lists for a column."""
    return frozenset(
        str(value) for table in contract().values() for column in table.columns.values() for value in column.values
    )


def raw_codes(page: str) -> set[str]:
    """The listed values, and whatever is joined by underscores, in what a reader of the page sees."""
    seen = re.sub(r"<(style|script|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    seen = html.unescape(re.sub(r"<[^>]+>", " ", seen))
    return {word for word in _WORD.findall(seen) if word in _listed() or "_" in word}
