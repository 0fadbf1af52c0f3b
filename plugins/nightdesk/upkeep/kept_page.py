"""A page of the repository that is made from what it tells of: written by `make docs`, compared by `make lint`."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def keep_page(path: Path, make: Callable[[], str], arguments: Sequence[str]) -> int:
    """Write the page, or with --check in `arguments` compare it with what is there: 1 where it is not the same."""
    text = make()
    if "--check" not in arguments:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{path.parent.name}/{path.name} is not current: run `make docs` and commit it\n")
    return 1
