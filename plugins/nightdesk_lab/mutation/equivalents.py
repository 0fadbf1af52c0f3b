"""Mutants that change nothing: read, and listed with the reason, so that nobody reads them again."""

from dataclasses import dataclass
from pathlib import Path

from nightdesk.yaml_file import read_yaml
from nightdesk_lab.mutation.mutants import Mutant, mutants_of

_LIST = Path(__file__).with_name("equivalents.yaml")


@dataclass(frozen=True)
class Equivalent:
    """One entry: the file, what stands in its line, what is flipped (`before -> after`), and why nothing changes."""

    file: str
    line: str
    flip: str
    why: str

    def mutants(self, root: Path) -> list[Mutant]:
        """The mutants that it speaks of; none where the line has changed since."""
        path = root / self.file
        if not path.is_file():
            return []
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        found = [one for one in mutants_of(self.file, text) if lines[one.line - 1].strip() == self.line]
        return [one for one in found if str(one).endswith(f"  {self.flip}")]


def listed() -> list[Equivalent]:
    """The whole list."""
    return [Equivalent(**entry) for entry in read_yaml(_LIST) or []]


def changing_nothing(root: Path) -> frozenset[Mutant]:
    """Every mutant that the list speaks of."""
    return frozenset(mutant for entry in listed() for mutant in entry.mutants(root))
