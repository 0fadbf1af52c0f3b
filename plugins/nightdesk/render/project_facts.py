"""The facts that a review rests on, in words, and what has become of them since: new, worse, better, answered, gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from nightdesk.kept_facts import plain
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.rows import Row
from nightdesk.render.task_line import kind_label

#: from good to bad; what nobody knows is worse than what is merely there
_RANK = {"green": 0, "grey": 1, "not_assessed": 2, "amber": 3, "red": 4}
#: what is told first
CHANGES = ("worse", "new", "gone", "changed", "answered", "better")


@dataclass(frozen=True)
class Change:
    """A fact that is not as it was: what has become of it, what it is, then and now, and its tone now."""

    kind: str
    what: str
    then: str
    now: str
    tone: str


@dataclass(frozen=True)
class FactWords:
    """Facts as a page of one language says them; `items` names measured items by their codes."""

    t: Catalogue
    f: Figures
    notes: Notes
    items: Mapping[str, str]

    def what(self, row: Row) -> str:
        """What a fact is about."""
        kind, _, subject = str(row["fact"]).partition("|")
        name = None if row.get("name") is None else str(row["name"])
        if kind == "profile":
            return self.t.label("esg", subject)
        if kind == "permit":
            return f"{kind_label(name, self.t) if name else self.t('esg.permit')} {subject}"
        if kind == "incident":
            return f"{self.t.label('incident_kind', name)} {subject}"
        if kind == "emission":
            year, _, scope = subject.partition(":")
            return self.t("esg.emission_of_scope", year=year, scope=scope)
        if kind == "signal":
            return self.notes.indicator(subject, self.t.language)
        if kind == "score":
            return self.t("esg.score_strict" if subject == "strict" else "esg.score_evidenced")
        if kind == "grievance":
            return self.t("esg.grievances_open")
        return self.items.get(subject, subject) if kind == "item" else name or subject

    def value(self, row: Row) -> str:
        """What it says."""
        kind, _, subject = str(row["fact"]).partition("|")
        value = str(row["value"])
        if value == "unknown":
            return self.t("esg.unknown")
        if kind == "profile":
            family = {"ep_category": "category", "cn_class": "class"}.get(subject)
            return self.t.label("esg", f"{family}_{value}") if family else self.t.label("stage", value)
        if kind in ("action", "incident", "permit"):
            return self._stated(kind, value)
        if kind == "signal":
            return self.t.label("severity", value)
        if kind == "item":
            return self._measured(value)
        if kind == "grievance":
            count, _, reported = value.partition(" reported ")
            return self.t("esg.fact_reported", n=count, reported=self._number(reported)) if reported else count
        return self._number(value) if _is_number(value) else self.t.label("emission_reason", value)

    def _stated(self, kind: str, value: str) -> str:
        """A state with its day, and that nobody has proved it."""
        state, *more = value.split(" ")
        if kind == "permit":
            named = self.t.label("expiry_state", state)
        else:
            named = self.t.label("action_state", state) if kind == "action" else self.t.label("incident_state", state)
        lacking = [self.t(f"esg.fact_{word}") for word in more if word in ("unproven", "unverified")]
        days = [word for word in more if word not in ("unproven", "unverified")]
        said = " ".join([named, *days])
        return self.t("list.join").join([said, *lacking])

    def _measured(self, value: str) -> str:
        """A figure with the end of its period, and the limit and target that it is held against."""
        if " " not in value:
            return self.t.label("kpi_state", value)
        day, number, *lines = value.split(" ")
        named = zip(lines[::2], lines[1::2], strict=True)
        held = [self.t(f"esg.fact_{line}", n=self._number(figure)) for line, figure in named]
        return self.t("list.join").join([f"{self._number(number)} ({day})", *held])

    def _number(self, text: str) -> str:
        return self.f.trimmed(Decimal(text)) if _is_number(text) else text


def changes_of(then: Iterable[Row], now: Iterable[Row], words: FactWords, *, is_plain: bool) -> tuple[Change, ...]:
    """What is not as it was, the worst first; of facts that were kept plain, what they are judged by is no change."""
    before, after = ({str(row["fact"]): row for row in rows} for rows in (then, now))
    found = []
    for fact in sorted(before.keys() | after.keys()):
        was, is_ = before.get(fact), after.get(fact)
        kind = _kind(was, is_, is_plain=is_plain)
        one = is_ or was
        if kind is None or one is None:
            continue
        found.append(
            Change(
                kind,
                words.what(one),
                "" if was is None else words.value(was),
                "" if is_ is None else words.value(is_),
                "grey" if is_ is None else str(is_["tone"]),
            )
        )
    return tuple(sorted(found, key=lambda one: (CHANGES.index(one.kind), -_RANK.get(one.tone, 2), one.what)))


def _kind(was: Row | None, is_: Row | None, *, is_plain: bool) -> str | None:
    if was is None:
        return "new"
    if is_ is None:
        return "gone"
    value = str(is_["value"])
    if str(was["value"]) == (plain(value) if is_plain else value):
        return None
    before, after = (_RANK.get(str(row["tone"]), 2) for row in (was, is_))
    if was["tone"] == "not_assessed" and is_["tone"] != "not_assessed":
        return "answered"
    if is_["tone"] == "not_assessed" and after < before:  # what nobody knows any more has not become better
        return "changed"
    return "worse" if after > before else "better" if after < before else "changed"


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
