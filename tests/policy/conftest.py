"""The shipped policy in a folder of its own, to be damaged."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nightdesk import policy as policies
from nightdesk.settings import sql_root

Damage = Callable[[str, str, str], None]


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sql/, whose policy is the one that is read."""
    root = shutil.copytree(sql_root(), tmp_path / "sql")
    monkeypatch.setattr(policies, "sql_root", lambda: root)
    return root


@pytest.fixture
def damage(sql: Path) -> Damage:
    """Put one text in place of another, which occurs once, in a policy file; in place of nothing: at its end; where
    nothing is put, the rows that begin so are gone."""

    def replaced(name: str, before: str, after: str) -> None:
        path = sql / "policy" / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert text.count(before) == 1 or not before, name
        if after:
            text = text.replace(before, after) if before else text + after
        else:
            text = "".join(row for row in text.splitlines(keepends=True) if not row.startswith(before))
        path.write_text(text, encoding="utf-8")

    return replaced
