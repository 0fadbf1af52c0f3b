"""What a branch's list says beside its cards: what cleared, whose tier moved, who is not assessed, everybody else."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from nightdesk.render.branch_card import Card
from nightdesk.render.branch_model import Cleared, ColourCount, Fact, HeldBack, NotAssessed, TierChange
from nightdesk.render.branch_rows import WARNED, BranchRows
from nightdesk.render.held_back import things_of
from nightdesk.render.made_of import Notes
from nightdesk.render.missing import missing_words
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, day_of, decimal_of, int_of, list_of, text_of

#: signals at rest that a list names
RESTING_NAMED = 5
#: none of these is a warning: the last two are no colours, and who has one of them is told apart
UNWARNED = ("green", "not_assessed", "no_credit")
COLOURS = (*WARNED, *UNWARNED)
TIERS = ("standard", "potential", "important", "core", "strategic")


class BranchSections(BranchRows):
    """The sections of a list that are no cards."""

    def unproven_note(self, cards: Sequence[Card]) -> tuple[Fact, ...]:
        """What the mark of an unproven signal means, where a card has one."""
        is_marked = any(line.unproven for card in cards for line in card.lines)
        return (Fact(self.t("unproven.mark"), self.t("unproven.note")),) if is_marked else ()

    def by_colour(self) -> list[dict[str, object]]:
        """The branch's warnings, worst first."""
        order = {colour: place for place, colour in enumerate(COLOURS)}
        return sorted(
            self.warnings,
            key=lambda row: (
                order.get(str(row.get("colour")), len(order)),
                -(decimal_of(row, "score") or Decimal(0)),
                str(row["client_id"]),
            ),
        )

    def colours(self) -> tuple[ColourCount, ...]:
        """How many clients have each colour."""
        counts = Counter(str(row.get("colour")) for row in self.warnings)
        return tuple(ColourCount(code, self.t.label("colour", code), counts[code]) for code in COLOURS)

    def later(self, rows: Sequence[Row]) -> tuple[Fact, ...]:
        """Tasks that are put off, counted per owner, and how many of them are late."""
        counts = Counter(self.owner(row) for row in rows)
        late = Counter(self.owner(row) for row in rows if self.line(row).due_state == "late")
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].id))
        return tuple(
            Fact(
                owner.name,
                self.t("later.tasks", n=count) + (self.t("later.late", n=late[owner]) if late[owner] else ""),
            )
            for owner, count in ranked
        )

    def cleared(self) -> tuple[Cleared, ...]:
        """Signals that stopped since the last list; those for risk alone are not shown here."""
        rows = [row for row in self.own(self.source.cleared) if row.get("audience") != "risk_only"]
        rows.sort(key=lambda row: (str(row["client_id"]), str(row.get("indicator"))))
        reason = "reason_zh" if self.source.language == "zh_CN" else "reason_en"
        return tuple(
            Cleared(
                client=self.client(row["client_id"]),
                indicator=text_of(row, "indicator") or "",
                reason=self.t("private.reason")
                if self.is_private(row)
                else full_width(text_of(row, reason) or "", self.t),
                severity=text_of(row, "severity") or "none",
                severity_label=self.t.label("severity", text_of(row, "severity")),
                since=day_of(row, "first_seen"),
            )
            for row in rows
        )

    def tier_changes(self) -> tuple[TierChange, ...]:
        """Clients whose tier differs from the one before, upgrades first."""
        changes = []
        for row in self.own(self.source.tiers):
            before, after = self.moved(row)
            if before is None or after is None or before == after:
                continue
            up = _place(after) > _place(before)
            changes.append(
                TierChange(
                    client=self.client(row["client_id"]),
                    before=self.t.label("tier", before),
                    after=self.t.label("tier", after),
                    direction="up" if up else "down",
                    direction_label=self.t("tier_change.up") if up else self.t("tier_change.down"),
                    cause=self.t.label("cause", text_of(row, "cause")),
                    effective=day_of(row, "effective_from"),
                )
            )
        return tuple(sorted(changes, key=lambda change: (change.direction == "down", change.client.id)))

    def moved(self, row: Row) -> tuple[str | None, str | None]:
        """The tier before and now; over a holiday, a change of any night since the last list counts."""
        changed_on = day_of(row, "changed_on")
        since = self.source.business_date - timedelta(days=self.source.notes.covers_days)
        if changed_on is not None and since < changed_on <= self.source.business_date:
            return text_of(row, "changed_from"), text_of(row, "tier")
        return text_of(row, "previous_tier"), text_of(row, "tier")

    def not_assessed(self) -> tuple[NotAssessed, ...]:
        """Clients that have no colour because too little is known: named, never counted as green."""
        rows = [row for row in self.warnings if row.get("colour") == "not_assessed"]
        rows.sort(key=lambda row: str(row["client_id"]))
        nothing = self.t("list.nothing_applies")
        return tuple(NotAssessed(self.client(row["client_id"]), self.missing(row) or nothing) for row in rows)

    def missing(self, row: Row) -> str:
        """What could not be assessed of a client; what the bank does not supply at all, the page says once."""
        lacking = list_of(row, "not_supplied")
        tokens = list_of(row, "not_assessed") or [token for token in lacking if ":" in token]
        if lacking and not tokens:
            return self.t("list.lacks_supply")
        return missing_words(tokens, self.source.notes, self.t)

    def night(self) -> Notes:
        """The night's facts, with the columns that this branch's clients lack: said once, not of each client."""
        lacking = {token for row in self.warnings for token in list_of(row, "not_supplied") if "." in token}
        return replace(self.source.notes, not_supplied=(*self.source.notes.not_supplied, *sorted(lacking)))

    def held_flag(self, held_back: Sequence[HeldBack]) -> tuple[Fact, ...]:
        """How many clients have rows that were not used."""
        if not held_back:
            return ()
        rows = len(things_of(self.source.withheld))
        clients = sum(bool(held.rows[0].client.id) for held in held_back)
        value = self.t("flag.held_back_note", n=self.f.count(rows), clients=self.f.count(clients))
        return (Fact(self.t("flag.held_back"), value, "strong"),)

    def resting_flag(self) -> tuple[Fact, ...]:
        """The one line that names what a person put off or called a false alarm, so that nobody takes it for gone."""
        rows = sorted(self.own(self.source.resting), key=lambda row: (str(row["client_id"]), str(row["indicator"])))
        if not rows:
            return ()
        named = [
            self.t(
                "flag.resting_item",
                client=self.client(row["client_id"]).name,
                indicator=self.t("list.join").join(
                    self.source.notes.indicator(code, self.source.language) for code in self.at_rest(row)
                ),
                why=self.t.label("episode_state", text_of(row, "state")),
                day=day_of(row, "snoozed_until") or day_of(row, "suppressed_until") or self.t("none"),
            )
            for row in rows[:RESTING_NAMED]
        ]
        value = self.t("list.join").join(named)
        if len(rows) > RESTING_NAMED:
            value = self.t("flag.resting_more", items=value, n=self.f.count(len(rows)))
        return (Fact(self.t("flag.resting"), value),)

    def at_rest(self, row: Row) -> tuple[str, ...]:
        """The indicator of an episode at rest, and those that no line tells with it: no graver, and not hard."""
        client, code = str(row["client_id"]), str(row["indicator"])
        listed = {text_of(task, "indicator") for task in self.tasks if str(task["client_id"]) == client}
        others = list_of(self.signals.get((client, code), {}), "told_with")
        return (code, *(other for other in others if other not in listed))

    def unreached_flag(self) -> tuple[Fact, ...]:
        """What was to be passed on and reaches nobody, so that the branch knows that nobody else does."""
        if not self.source.unreached:
            return ()
        items = [
            self.t("escalation.unreached_item", to=self.t.label("escalated_to", level), n=count)
            for level, count in sorted(self.source.unreached.items())
        ]
        return (Fact(self.t("escalation.unreached"), self.t("list.join").join(items), "strong"),)

    def quiet(self) -> tuple[str, int]:
        """The sentence about everybody else, and how many were checked in all: who is not assessed was not."""
        checked = int_of(self.source.summary, "clients_checked")
        if checked is None:
            checked = len(self.warnings)
        listed = {str(row["client_id"]) for row in self.tasks if not self.is_of_below(row)}
        unknown = {str(row["client_id"]) for row in self.warnings if row.get("colour") == "not_assessed"}
        others = max(0, checked - len(listed | unknown))
        quiet = [
            row
            for row in self.warnings
            if str(row["client_id"]) not in listed and row.get("colour") not in (*UNWARNED, None)
        ]
        parts = Counter(str(row["colour"]) for row in quiet)
        unchanged = self.t("list.join").join(
            f"{self.t.label('colour', code)} {parts[code]}" for code in COLOURS if parts[code]
        )
        if not checked:
            return self.t("quiet.nobody"), 0
        if not others:
            return self.t("quiet.none"), max(0, checked - len(unknown))
        n = self.f.count(others)
        sentence = self.t("quiet.all", n=n) if listed or unknown else self.t("quiet.everyone", n=n)
        if unchanged:
            sentence += self.t("quiet.unchanged", parts=unchanged)
        return sentence, max(0, checked - len(unknown))


def _place(tier: str) -> int:
    return TIERS.index(tier) if tier in TIERS else -1
