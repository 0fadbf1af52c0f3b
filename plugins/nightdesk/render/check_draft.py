"""A draft of a check report before a person writes: plain data, read of a published night elsewhere."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Fact:
    """A figure of a draft: `value` (a number) or `word` (a code, a date as text) of `told_on`; both null: not known.

    `since`: what the last report said; `before`: the period before, of `before_on`. `unit` as policy check_fact has it;
    `asked`: no table tells it, it is asked on the visit.
    """

    fact: str
    block: str
    unit: str
    name_zh: str
    name_en: str
    value: str | None = None
    told_on: datetime.date | None = None
    before: str | None = None
    before_on: datetime.date | None = None
    since: str | None = None


@dataclass(frozen=True)
class Copied:
    """That the judgement of the last report repeats that of another one, `alike_pct` percent alike."""

    report_id: str
    alike_pct: int


@dataclass(frozen=True)
class Draft:
    """A draft: which check of which loan is due, and all that stands in it before a person writes.

    `people` are names of colleagues by id.
    """

    business_date: datetime.date
    revision: int
    due: Mapping[str, Any]
    client: Mapping[str, Any]
    branch: Mapping[str, Any]
    facts: tuple[Fact, ...]
    payees: Rows = ()
    signals: Rows = ()
    last_report: Mapping[str, Any] | None = None
    copied: Copied | None = None
    open_points: Rows = ()
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, str | None]:
        """The facts as a filed report keeps them: by name, each as text."""
        return {fact.fact: fact.value for fact in self.facts if fact.unit != "asked"}

    @property
    def facts_hash(self) -> str:
        """Over loan, night and facts: whoever files says with it that none was touched."""
        return hash_of(str(self.due["loan_id"]), self.business_date, self.said)


def hash_of(loan_id: str, night: datetime.date, facts: Mapping[str, str | None]) -> str:
    """The hash of a draft's facts, the same for the same facts."""
    content = json.dumps([loan_id, str(night), dict(sorted(facts.items()))], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()
