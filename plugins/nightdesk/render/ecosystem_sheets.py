"""Sections of an ecosystem's page beside its picture: whose trouble reaches it, and where its money comes and goes."""

from collections.abc import Iterator
from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.ecosystem_input import EcosystemInput
from nightdesk.render.ecosystem_names import Names
from nightdesk.render.figures import Figures
from nightdesk.render.panel import panel_words
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, flag_of, int_of, text_of

_REACH, _FINANCED, _LEADS = 12, 12, 10
_REFUSED = ("colour", "not_assessed", "no_limit")
_PEER_COLUMNS = ("product", "group", "share", "count", "against")
_BADGES = ("red", "orange", "amber", "blue", "green")


def reach_sheet(source: EcosystemInput, names: Names, t: Catalogue) -> Sheet:
    """Whose trouble reaches the client, and how; of a client of another branch neither colour nor stage is told."""
    rows = sorted(as_rows(source.reach), key=lambda row: (int(str(row["steps"])), str(row["source_id"])))
    found = tuple(
        (
            Cell(names.of(str(row["source_id"])), is_heading=True),
            _colour(row, names, t),
            Cell(t.label("watch_stage", row["stage"]) if names.is_own(str(row["source_id"])) else t("none")),
            Cell(_way(row, source.client_id, names, t)),
        )
        for row in rows[:_REACH]
    )
    left = len(rows) - _REACH
    said = panel_words(
        t("ecosystem.nothing_reaches"),
        is_empty=not rows,
        rests_on={"client_link", "guarantee"},
        notes=source.notes,
        withheld=source.withheld,
        t=t,
    )
    more = t("ecosystem.more_reach", n=left) if left > 0 else ""
    return Sheet(
        t("ecosystem.reach"),
        hint=t("ecosystem.reach_hint"),
        columns=tuple((t(f"reach_column.{name}"), False) for name in ("source", "colour", "watch", "way")),
        rows=found,
        said=" ".join((more, said)).strip(),
    )


def _colour(row: Row, names: Names, t: Catalogue) -> Cell:
    if not names.is_own(str(row["source_id"])):
        return Cell(t("ecosystem.trouble"))
    colour = text_of(row, "colour") or "not_assessed"
    return Cell("", Mark(t.label("colour", colour), colour if colour in _BADGES else "grey"))


def _way(row: Row, client: str, names: Names, t: Catalogue) -> str:
    """From the client in trouble to the one of the page: each tie with whom it leads to."""
    said = names.short(str(row["source_id"]))
    for step in range(1, int(str(row["steps"])) + 1):
        to = text_of(row, f"node_{step}") or client
        said += t("ecosystem.step", kind=t.label("tie_kind", row[f"kind_{step}"]), to=names.short(to))
    return said


def money_sheets(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> Iterator[Sheet]:
    """Customers and suppliers, payables that could be financed, deposits that leave, and leads: of a client of the
    branch that reads the page alone."""
    if not names.is_own(source.client_id):
        return
    yield _shares(source, names, t, f)
    yield _finance(source, names, t, f)
    yield _silent(source, names, t, f)
    yield _peers(source, t, f)
    yield _leads(source, names, t, f)


def _none(words: str, rows: object, source: EcosystemInput, t: Catalogue) -> str:
    return panel_words(
        words, is_empty=not rows, rests_on={"txn"}, notes=source.notes, withheld=source.withheld, t=t
    )  # fmt: skip


def _shares(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> Sheet:
    parts = []
    for side in ("customer", "supplier"):
        rows = sorted(
            (row for row in as_rows(source.shares) if row["side"] == side), key=lambda row: int(str(row["place"]))
        )
        parts.append(
            Sheet(
                t(f"ecosystem.of_{side}"),
                columns=tuple(
                    (t(f"share_column.{name}"), name in ("amount", "share"))
                    for name in (side, "amount", "share", "concentration")
                ),
                rows=tuple(
                    (
                        Cell(names.party(row), is_heading=True),
                        Cell(f.money(decimal_of(row, "amount_12m_amt")), is_number=True),
                        Cell(_percent(row, "share_pct", f), is_number=True),
                        Cell("", Mark(t("ecosystem.concentrated"), "amber"))
                        if flag_of(row, "is_concentrated")
                        else Cell(t("none")),
                    )
                    for row in rows
                ),
                said=_none(t(f"ecosystem.no_{side}"), rows, source, t),
            )
        )
    return Sheet(t("ecosystem.shares"), hint=t("ecosystem.shares_hint"), parts=tuple(parts))


def _finance(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> Sheet:
    rows = sorted(as_rows(source.finance), key=lambda row: (-_amount(row, "payable_amt"), str(row["party_id"])))
    total = sum((_amount(row, "financed_amt") for row in rows), Decimal(0))
    facts = (
        (
            Fact(t("ecosystem.line"), f.money(decimal_of(rows[0], "line_amt"))),
            Fact(t("ecosystem.financed_total"), f.money(total)),
        )
        if rows
        else ()
    )
    # what refuses one payable refuses all
    if refused := next((str(row["bound_by"]) for row in rows if row["bound_by"] in _REFUSED), ""):
        said = t("ecosystem.refused", n=len(rows), why=t.label("finance_bound", refused))
        return Sheet(t("ecosystem.finance"), hint=t("ecosystem.finance_hint"), said=said)
    left = len(rows) - _FINANCED
    return Sheet(
        t("ecosystem.finance"),
        hint=t("ecosystem.finance_hint"),
        facts=facts,
        columns=tuple(
            (t(f"finance_column.{name}"), name not in ("supplier", "bound"))
            for name in ("supplier", "paid", "payable", "financed", "bound")
        ),
        rows=tuple(
            (
                Cell(names.party(row), is_heading=True),
                Cell(f.money(decimal_of(row, "paid_12m_amt")), is_number=True),
                Cell(f.money(decimal_of(row, "payable_amt")), is_number=True),
                Cell(f.money(decimal_of(row, "financed_amt")), is_number=True),
                Cell(t.label("finance_bound", row["bound_by"])),
            )
            for row in rows[:_FINANCED]
        ),
        said=t("ecosystem.more_finance", n=left) if left > 0 else _none(t("ecosystem.no_finance"), rows, source, t),
    )


def _silent(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> Sheet:
    """How far deposits fell and what explains it; where money went stands below, whether it explains that or not."""
    row = source.silent
    if not row:
        return Sheet(t("ecosystem.silent"), said=_none(t("ecosystem.not_silent"), (), source, t))
    year_ago = decimal_of(row, "fall_year_ago_pct")
    facts = [
        Fact(t("ecosystem.deposits_before"), f.money(decimal_of(row, "before_amt"))),
        Fact(t("ecosystem.deposits_now"), f.money(decimal_of(row, "now_amt"))),
        Fact(t("ecosystem.fall"), _percent(row, "fall_pct", f)),
        Fact(t("ecosystem.fall_year_ago"), t("ecosystem.unknown_then") if year_ago is None else f.percent(year_ago)),
        Fact(t("ecosystem.paid_more"), f.money(decimal_of(row, "paid_more_amt"))),
        Fact(t("ecosystem.explained"), t.label("silent_reason", row["explained_by"])),
    ]
    if closed := int_of(row, "closed_count"):
        facts.append(
            Fact(t("ecosystem.matured"), t("ecosystem.matured_on", n=closed, day=f.day(day_of(row, "closed_on"))))
        )
    targets = sorted(as_rows(source.targets), key=lambda one: int(str(one["place"])))
    return Sheet(
        t("ecosystem.silent"),
        hint=t("ecosystem.silent_hint"),
        facts=tuple(facts),
        columns=tuple((t(f"target_column.{name}"), name == "amount") for name in ("to", "bank", "amount", "new")),
        rows=tuple(
            (
                Cell(names.party(one), is_heading=True),
                Cell(text_of(one, "bank") or t("none")),
                Cell(f.money(decimal_of(one, "outflow_90d_amt")), is_number=True),
                Cell(t("ecosystem.newly_paid") if flag_of(one, "is_new") else t("none")),
            )
            for one in targets
        ),
    )


def _peers(source: EcosystemInput, t: Catalogue, f: Figures) -> Sheet:
    """Products that most of the client's peers use and the client does not, with what stands against offering them."""
    rows = sorted(as_rows(source.advice), key=lambda row: (-_amount(row, "peer_share_pct"), str(row["product"])))
    return Sheet(
        t("ecosystem.peers"),
        hint=t("ecosystem.peers_hint"),
        columns=tuple((t(f"peer_column.{name}"), name in ("share", "count")) for name in _PEER_COLUMNS),
        rows=tuple(
            (
                Cell(t.label("product", row["product"]), is_heading=True),
                Cell(t.label("offer_peer_group", row["peer_group"])),
                Cell(_percent(row, "peer_share_pct", f), is_number=True),
                Cell(f.count(int_of(row, "peer_count")), is_number=True),
                Cell(t.label("offer_rule", row["suppressed_by"]) if row["suppressed_by"] else t("none")),
            )
            for row in rows
        ),
        said=panel_words(
            t("ecosystem.no_peers"),
            is_empty=not rows,
            rests_on={"product_holding"},
            notes=source.notes,
            withheld=source.withheld,
            t=t,
        ),
    )


def _leads(source: EcosystemInput, names: Names, t: Catalogue, f: Figures) -> Sheet:
    rows = sorted(as_rows(source.leads), key=lambda row: int(str(row["place"])))
    left = len(rows) - _LEADS
    return Sheet(
        t("ecosystem.leads"),
        hint=t("ecosystem.leads_hint"),
        columns=tuple(
            (t(f"lead_column.{name}"), name in ("paid", "received", "certainty"))
            for name in ("party", "bank", "role", "paid", "received", "known_by", "certainty")
        ),
        rows=tuple(
            (
                Cell(names.party(row), is_heading=True),
                Cell(text_of(row, "bank") or t("none")),
                Cell(t.label("lead_role", row["role"])),
                Cell(f.money(decimal_of(row, "paid_12m_amt")), is_number=True),
                Cell(f.money(decimal_of(row, "received_12m_amt")), is_number=True),
                Cell(t.label("lead_known_by", row["known_by"])),
                Cell(_percent(row, "certainty_pct", f, 0), is_number=True),
            )
            for row in rows[:_LEADS]
        ),
        said=t("ecosystem.more_leads", n=left) if left > 0 else _none(t("ecosystem.no_leads"), rows, source, t),
    )


def _amount(row: Row, name: str) -> Decimal:
    return decimal_of(row, name) or Decimal(0)


def _percent(row: Row, name: str, f: Figures, places: int = 1) -> str:
    value = decimal_of(row, name)
    return f.dash if value is None else f.percent(value, places)
