"""Which code a night was run by: the commit of the project's work tree, or what the deployment says it is."""

import subprocess
from functools import cache
from pathlib import Path

from nightdesk.settings import Settings, project_root


def code_commit(settings: Settings) -> str:
    """NIGHTDESK_CODE_VERSION where it is set, else the work tree's commit, with `+` when files differ from it.

    Empty where neither is known: the project stands outside of git, and nobody said.
    """
    return settings.code_version or _of_work_tree(project_root())


@cache
def _of_work_tree(root: Path) -> str:
    """As this process found it: what it runs is what it has loaded."""
    top, head = _git(root, "rev-parse", "--show-toplevel"), _git(root, "rev-parse", "HEAD")
    if not top or not head or Path(top).resolve() != root:  # a copy within another project's work tree is not its code
        return ""
    return head + ("+" if _git(root, "status", "--porcelain") else "")


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words],  # whichever git this machine has
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
