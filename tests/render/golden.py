"""Golden files: what a page looked like when somebody last read it."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from nightdesk.render.drawing import Drawing

GOLDEN = Path(__file__).parents[1] / "golden"
#: set to 1 to accept what the code makes now; then read the difference in version control
SWITCH = "NIGHTDESK_TEST_UPDATE_GOLDEN"


def matches(name: str, text: str) -> bool:
    """Whether `text` is the golden file of that name."""
    path = GOLDEN / name
    # how a page looks is looked at, not compared: the styles stay out
    text = re.sub(r"<style>.*?</style>", "<style></style>", text, flags=re.DOTALL)
    if os.environ.get(SWITCH) == "1":
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8") == text


def drawn(drawings: Iterable[Drawing]) -> str:
    """Drawings as text: the height of each, and a line for each of its shapes, where it lies and what it says."""
    lines = (line for drawing in drawings for line in (f"drawing of {drawing.height}", *map(str, drawing.shapes)))
    return "\n".join(lines) + "\n"
