"""What a person overrode: the checks that held a night, who answers for it, and why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Overridden:
    """A check that held a night: its table, its rule, and the line that said so."""

    table_name: str
    rule: str
    what: str


@dataclass(frozen=True)
class Release:
    """What a person overrode for one attempt, in the order of tables and rules.

    `is_replayed`: for another attempt, of which this one is a replay.
    """

    by: str
    reason: str
    checks: tuple[Overridden, ...]
    is_replayed: bool = False

    def covers(self, table_name: str, rule: str) -> bool:
        """Whether this check may no longer hold the attempt."""
        return any(one.rule == rule and one.table_name == table_name for one in self.checks)
