"""From a branch's published rows to its morning list: who comes first, what is said, what is left out."""

from collections.abc import Sequence

from nightdesk.render.branch_card import Card
from nightdesk.render.branch_model import BranchView, Fact
from nightdesk.render.branch_news import changes_of, late_of
from nightdesk.render.branch_sections import BranchSections
from nightdesk.render.branch_tables import sheet_rows, step_rows, warned_rows
from nightdesk.render.held_back import held_back_of
from nightdesk.render.inert import LONGEST_NAME, cut
from nightdesk.render.made_of import BranchInput
from nightdesk.render.masking import CJK
from nightdesk.render.night_facts import flags_of, notes_of
from nightdesk.render.rows import Row, flag_of, text_of

MUST_DO_CARDS = 5
HANDLED = ("done", "false_alarm", "transferred")
#: places of a list that go before its dates and points, whatever the colour
GRAVE = ("hard_red", "large_arrears", "stop", "red")


class BranchDesk(BranchSections):
    """Builds one branch's view; `view()` is the way in."""

    def view(self) -> BranchView:
        """The whole list."""
        source, t, f = self.source, self.t, self.f
        active = [row for row in self.tasks if text_of(row, "status") not in HANDLED]
        now = [row for row in active if not flag_of(row, "is_later")]
        later = [row for row in active if flag_of(row, "is_later")]
        handled = [row for row in self.tasks if text_of(row, "status") in HANDLED]
        must, reds, rest = self.placed(now, later)
        ordered = (*must, *reds, *rest)
        carded = {card.client.id for card in ordered}
        waiting = self.cards([row for row in later if str(row["client_id"]) not in carded])
        cleared = self.cleared()
        not_assessed = self.not_assessed()
        held_back = held_back_of(self.own(source.withheld), source.notes, self.client, t)
        quiet, checked = self.quiet()
        # what is put off is late all the same: the number is that of the digest
        lines = [*(line for card in ordered for line in card.lines), *map(self.line, later)]
        late = sum(line.due_state == "late" for line in lines)
        escalated = sum(bool(line.escalated) for line in lines)
        branch_name = self.branch_name()
        figures = (
            Fact(t("figure.must_do"), f.count(len(must)), "must"),
            Fact(t("figure.rest"), f.count(len(reds) + len(rest))),
            Fact(t("figure.late"), f.count(late), "late" if late else ""),
            Fact(t("figure.escalated"), f.count(escalated), "late" if escalated else ""),
            Fact(t("figure.cleared"), f.count(len(cleared))),
            Fact(t("figure.checked"), f.count(checked)),
            Fact(t("figure.not_assessed"), f.count(len(not_assessed)), "unknown" if not_assessed else ""),
        )
        return BranchView(
            language=source.language,
            html_lang="zh-CN" if source.language == "zh_CN" else "en",
            title=t("list.title", branch=branch_name),
            branch_name=branch_name,
            branch_id=self.branch_id,
            morning=f.long_day(source.notes.morning),
            business_date=f.day(source.business_date),
            data_to=t("card.data_to", day=f.day(source.notes.data_to)) if source.notes.data_to else "",
            revision=t("revision", n=source.revision),
            flags=(
                *flags_of(source.notes, t, restated=source.restated),
                *self.held_flag(held_back),
                *self.resting_flag(),
                *self.unreached_flag(),
            ),
            figures=figures,
            answering=self.answering(ordered),
            colours=self.colours(),
            must_do=must,
            reds=reds,
            rest=rest,
            handled=tuple(self.cards(handled)),
            # what is new of a client that is put off whole would stand on no page
            changes=changes_of((*reds, *rest, *waiting), t),
            late=late_of((*reds, *rest), t),
            late_hint=self.late_hint(must, later),
            later=self.later(later),
            later_count=len(later),
            cleared=cleared,
            tier_changes=self.tier_changes(),
            quiet=quiet,
            not_assessed=not_assessed,
            held_back=held_back,
            notes=(*notes_of(source.revision, self.night(), t, f), *self.unproven_note(ordered)),
            said=self.said(),
            sheet=sheet_rows(self, (must, (*reds, *rest)), now, later, handled),
            steps=step_rows(self, active),
            warnings=warned_rows(
                self,
                (
                    {**row, "not_assessed": self.missing(row)}
                    for row in self.by_colour()
                    if row.get("colour") != "green"
                ),
            ),
        )

    def placed(
        self, now: Sequence[Row], later: Sequence[Row]
    ) -> tuple[tuple[Card, ...], tuple[Card, ...], tuple[Card, ...]]:
        """The cards that must be done, the other grave ones and the rest, numbered through."""
        must_do = {str(row["client_id"]) for row in now if flag_of(row, "is_must_do")}
        placed_grave = {str(row["client_id"]) for row in now if text_of(row, "place_rule") in GRAVE}
        cards = self.cards(now, later)
        must = [card for card in cards if card.client.id in must_do][:MUST_DO_CARDS]
        others = [card for card in cards if card not in must]
        grave = [card for card in others if card.colour == "red" or card.client.id in placed_grave]
        rest = [card for card in others if card not in grave]
        ordered = tuple(card.numbered(number) for number, card in enumerate([*must, *grave, *rest], start=1))
        first, second = len(must), len(must) + len(grave)
        return ordered[:first], ordered[first:second], ordered[second:]

    def answering(self, cards: Sequence[Card]) -> str:
        """How cards are answered, with one of their codes as an example; empty where there is none to answer."""
        code = next((line.code for card in cards for line in card.lines if line.code), "")
        if not code:
            return ""
        t, column = self.t, self.t("column.answer")
        if self.source.takes_replies:
            return t("list.answer_mail", code=code, column=column)
        return t("list.answer_file", code=code, column=column)

    def late_hint(self, must: Sequence[Card], later: Sequence[Row]) -> str:
        """Where the late tasks are that the section leaves to the cards, or that are put off: their sum adds up."""
        n = sum(line.due_state == "late" for card in must for line in card.lines)
        put_off = sum(self.line(row).due_state == "late" for row in later)
        hint = self.t("list.late_hint_must", n=n) if n else self.t("list.late_hint")
        return hint + (self.t("list.late_put_off", n=put_off) if put_off else "")

    def branch_name(self) -> str:
        """The branch as the list calls it: in English where it has such a name."""
        english = text_of(self.source.branch, "name_en") if self.source.language == "en" else None
        return cut(english or text_of(self.source.branch, "name") or self.branch_id, LONGEST_NAME)

    def said(self) -> tuple[str, ...]:
        """What the foot says: for whom it is, exactly what is in it, what to do where it came to somebody else."""
        t = self.t
        said = [t("list.internal"), t("list.full") if self.full else t("list.masked"), t("list.misdelivered")]
        if self.source.language == "en" and self.has_chinese_names():
            said.append(t("list.chinese_names"))
        return (*said, t("list.footer"))

    def has_chinese_names(self) -> bool:
        """Whether a name on this list is known in Chinese only: of a client, or of somebody whom a reason names."""
        listed = {str(row["client_id"]) for row in (*self.tasks, *self.warnings)}
        named = (self.client(client_id).name for client_id in listed)
        told = (text_of(row, "reason_en") or "" for row in self.tasks)
        return any(CJK.search(text) for text in (*named, *told))


def branch_view(source: BranchInput) -> BranchView:
    """The view model of one branch's list. Raises NightdeskError when another branch's rows are among it."""
    return BranchDesk(source).view()
