"""The page of a client's ecosystem, as one branch may read it, from one published night."""

from collections.abc import Sequence

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.client_page import ClientPage
from nightdesk.render.ecosystem_input import EcosystemInput, circle_of
from nightdesk.render.ecosystem_names import Names
from nightdesk.render.ecosystem_others import Others
from nightdesk.render.ecosystem_picture import MOST_DRAWN, MOST_NAMED, picture
from nightdesk.render.ecosystem_sheets import money_sheets, reach_sheet
from nightdesk.render.figures import Figures
from nightdesk.render.panel import panel_words
from nightdesk.render.project_model import Cell, Chart, Mark, Sheet
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, flag_of, int_of, text_of

#: what a colour is drawn in
_TONES = {"red": "red", "orange": "amber", "amber": "amber", "blue": "first", "green": "green"}
_MEMBERS = 40


def ecosystem_page(source: EcosystemInput) -> ClientPage:
    """The view of one client's ecosystem."""
    t, f = catalogue(source.language), Figures(source.language, source.notes.base_ccy)
    names = Names(source.branch, source.clients, source.scope(), t)
    return ClientPage(
        language=source.language,
        title=t("ecosystem.title"),
        name=names.short(source.client_id),
        id=source.client_id if names.is_own(source.client_id) else "",
        business_date=f.day(source.business_date),
        when=f.day(source.business_date),
        subtitle=t("ecosystem.subtitle", branch=source.branch),
        flags=_flags(source, names, t),
        profile=_profile(source, names, t, f),
        sheets=(
            _ties(source, names, t, f),
            _members(source, names, t, f),
            reach_sheet(source, names, t),
            *money_sheets(source, names, t, f),
        ),
        footer=(
            t("ecosystem.footer", night=f.day(source.business_date), revision=t("revision", n=source.revision)),
            t("ecosystem.confidential"),
        ),
    )


def _flags(source: EcosystemInput, names: Names, t: Catalogue) -> tuple[Fact, ...]:
    found = []
    issue = text_of(source.group, "control_issue")
    if issue:
        circle = t("list.join").join(names.of(client) for client in circle_of(source.group)[:_MEMBERS])
        found.append(Fact(t(f"circle.{issue}"), circle or t("none")))
    if source.guarantors:
        ring = t("list.join").join(names.of(client) for client in source.guarantors[:_MEMBERS])
        found.append(Fact(t("circle.guarantees"), t("circle.of", n=len(source.guarantors), names=ring)))
    if several := int_of(source.group, "in_several_count"):
        found.append(Fact(t("ecosystem.in_several"), t("ecosystem.in_several_count", n=several)))
    if reason := text_of(source.group, "reason"):
        found.append(Fact(t("ecosystem.not_assessed"), t(f"group_reason.{reason}")))
    return tuple(found)


def _profile(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    group, client = source.group, source.clients[source.client_id]
    wallet = decimal_of(client, "wallet_pct")
    month = day_of(client, "bureau_month")
    share = f.percent(wallet) + t("list.aside", text=f"{month:%Y-%m}") if wallet is not None and month else ""
    wallet_fact = Fact(t("ecosystem.wallet"), share or t("ecosystem.wallet_unknown"))
    facts = (wallet_fact,) if names.is_own(source.client_id) else ()
    if not group:
        return (Fact(t("ecosystem.group"), t("ecosystem.no_group")), *facts)
    lead = text_of(group, "lead_client_id") or ""
    told_by = str(group["told_by"])
    others = Others(source, names, t, f)
    called = (text_of(group, "group_id") or "") if told_by == "register" else names.of(lead)
    return (
        Fact(t("ecosystem.group"), called + t("list.aside", text=t(f"told_by.{told_by}"))),
        Fact(
            t("ecosystem.clients"),
            t("ecosystem.clients_of", n=int_of(group, "client_count"), branches=int_of(group, "branch_count")),
        ),
        Fact(t("ecosystem.exposure"), others.total("exposure_amt")),
        Fact(t("ecosystem.limits"), others.total("limit_amt")),
        Fact(t("ecosystem.overdue"), others.total("overdue_amt")),
        Fact(t("ecosystem.deposits"), others.total("deposits_amt")),
        Fact(t("ecosystem.inside"), others.total("guaranteed_inside_amt")),
        Fact(t("ecosystem.worst"), others.worst()),
        *facts,
    )


def _ties(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> Sheet:
    """The picture and the table that it is drawn from: its rows say who the numbers are."""
    ties, others = as_rows(source.ties), source.neighbours()
    said = panel_words(
        t("ecosystem.no_ties"),
        is_empty=not ties,
        rests_on={"client_link", "guarantee"},
        notes=source.notes,
        withheld=source.withheld,
        t=t,
    )
    if not ties:
        return Sheet(t("ecosystem.ties"), said=said)
    # what a client of another branch looks like is no business of this one
    tones = {
        client: _TONES.get(text_of(source.clients.get(client, {}), "colour") or "", "grey")
        for client in [source.client_id, *others]
        if names.is_own(client)
    }
    labels = {client: names.label(client) for client in [source.client_id, *others]}
    drawing, numbers = picture(source.client_id, others, ties, tones, labels, t)
    is_numbered = len(others) > MOST_NAMED

    def who(client: str) -> str:
        return f"{numbers[client]}. {names.of(client)}" if is_numbered and client in numbers else names.of(client)

    def is_told(row: Row) -> bool:
        return names.is_own(str(row["from_id"])) or names.is_own(str(row["to_id"]))

    rows = tuple(
        (
            who(str(row["from_id"])),
            t.label("tie_kind", row["kind"]) + (t("ecosystem.circular") if flag_of(row, "is_circular") else ""),
            who(str(row["to_id"])),
            _percent(row, f) if is_told(row) else t("none"),
            f.money(decimal_of(row, "amount_amt")) if is_told(row) else t("none"),
            f.day(day_of(row, "since")),
            _percent(row, f, "certainty_pct", 0),
        )
        for row in sorted(
            _told_once(ties),
            key=lambda row: (numbers.get(str(row["from_id"]), 999), str(row["to_id"]), str(row["kind"])),
        )
    )
    columns = ("from", "kind", "to", "share", "amount", "since", "certainty")
    chart = Chart(
        title=t("ecosystem.picture"),
        drawing=drawing,
        table_title=t("ecosystem.picture_table"),
        columns=tuple((t(f"tie_column.{name}"), name in ("share", "amount", "certainty")) for name in columns),
        rows=rows,
    )
    left = len(others) - MOST_DRAWN
    more = t("ecosystem.not_drawn", n=left) if left > 0 else ""
    return Sheet(
        t("ecosystem.ties"), hint=t("ecosystem.ties_hint"), charts=(chart,), said=" ".join((more, said)).strip()
    )


def _told_once(ties: Sequence[Row]) -> list[Row]:
    """The ties without those that say no more than that they are, where another source says so of the same two."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in ties:
        found.setdefault((str(row["from_id"]), str(row["to_id"]), str(row["kind"])), []).append(row)
    told = []
    for rows in found.values():
        known = [row for row in rows if any(row.get(name) is not None for name in ("share_pct", "amount_amt", "since"))]
        told += known or rows[:1]
    return told


def _percent(row: Row, f: Figures, name: str = "share_pct", places: int = 1) -> str:
    value = decimal_of(row, name)
    return f.dash if value is None else f.percent(value, places)


def _members(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> Sheet:
    """The branch's own members one by one, those of other branches in one row: totals only."""
    members = source.members()
    own = [client for client in members if names.is_own(client)]
    rows: list[tuple[Cell, ...]] = [
        (
            Cell(names.of(client), is_heading=True),
            Cell(t.label("client_kind", source.clients[client].get("client_kind"))),
            Cell("", _mark(source.clients[client], t)),
            Cell(t.label("watch_stage", source.clients[client].get("stage"))),
            Cell(f.money(decimal_of(source.clients[client], "exposure_amt")), is_number=True),
            Cell(f.money(decimal_of(source.clients[client], "deposits_amt")), is_number=True),
        )
        for client in own[:_MEMBERS]
    ]
    if others := Others(source, names, t, f).cells():
        rows.append(others)
    columns = ("member", "part", "colour", "watch", "exposure", "deposits")
    left = len(own) - _MEMBERS
    return Sheet(
        t("ecosystem.members"),
        hint=t("ecosystem.members_hint"),
        columns=tuple((t(f"member_column.{name}"), name in ("exposure", "deposits")) for name in columns),
        rows=tuple(rows),
        said=t("ecosystem.no_group") if not rows else t("ecosystem.more_members", n=left) if left > 0 else "",
    )


def _mark(row: Row, t: Catalogue) -> Mark:
    colour = text_of(row, "colour") or "not_assessed"
    return Mark(t.label("colour", colour), {"not_assessed": "grey", "no_credit": "grey"}.get(colour, colour))
