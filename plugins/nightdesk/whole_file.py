"""A file that is there whole or not at all."""

import os
from pathlib import Path

from nightdesk.metering import wrote


def write_whole(target: Path, content: bytes) -> None:
    """Write a file beside its place and move it there: a reader sees the old or the new one, never half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(target)
        wrote(len(content))
    finally:
        draft.unlink(missing_ok=True)
