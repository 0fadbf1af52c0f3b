"""Mutants that change nothing: read, and listed with the reason, or seen in the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nightdesk.yaml_file import read_yaml
from nightdesk_lab.mutation.joins import all_the_same
from nightdesk_lab.mutation.mutants import Mutant, mutants_of
from nightdesk_lab.mutation.policy_rows import always_there, picked_of_one
from nightdesk_lab.mutation.rejoined import always_found
from nightdesk_lab.mutation.unjoined import unseen

_LIST = Path(__file__).with_name("equivalents.yaml")


@dataclass(frozen=True)
class Equivalent:
    """One entry: the file, what stands in its line, what is flipped (`before -> after`), why nothing changes, and which
    one of the line is meant where it has several such flips (1 is the first; 0: each)."""

    file: str
    line: str
    flip: str
    why: str
    nth: int = 0

    def mutants(self, root: Path) -> list[Mutant]:
        """The mutants that it speaks of; none where the line has changed since."""
        path = root / self.file
        if not path.is_file():
            return []
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        found = [one for one in mutants_of(self.file, text) if lines[one.line - 1].strip() == self.line]
        found = [one for one in found if str(one).endswith(f"  {self.flip}")]
        return found[self.nth - 1 : self.nth] if self.nth else found


def listed() -> list[Equivalent]:
    """The whole list."""
    return [Equivalent(**entry) for entry in read_yaml(_LIST) or []]


def changing_nothing(root: Path) -> frozenset[Mutant]:
    """Every mutant that the list speaks of."""
    return frozenset(mutant for entry in listed() for mutant in entry.mutants(root))


def equal_among(root: Path, mutants: Iterable[Mutant]) -> frozenset[Mutant]:
    """Those of some mutants that change nothing: listed, or by their text: of a join whose partner a later line or
    step asks for anyhow, or which policy or the step's own rows have every day, or of what picks one row of policy."""
    told = changing_nothing(root)
    return frozenset(mutant for mutant in mutants if mutant in told or _is_told_by_text(root, mutant))


def _is_told_by_text(root: Path, mutant: Mutant) -> bool:
    if not mutant.path.endswith(".sql"):
        return False
    text = (root / mutant.path).read_text(encoding="utf-8")
    if mutant.before in ("max", "min"):
        return mutant.start in picked_of_one(text)
    if mutant.before == "inner":
        told = always_there(text) | unseen(text, root) | always_found(text)
        if mutant.start in told:
            return True
    return mutant.before in ("left", "inner") and mutant.start in all_the_same(text)
