"""The page that is taken to the client: what the bank could offer for its needs. Nothing that is for the bank alone.

It takes words, amounts and tables of what may be offered; verdicts, limits, margins, colours and scores it never reads.
"""

from decimal import Decimal

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.client_page import ClientPage, Points
from nightdesk.render.figures import Figures
from nightdesk.render.masking import client_name
from nightdesk.render.project_model import Sheet
from nightdesk.render.proposal_parts import payment_chart, payments, reasons, said, side_by_side
from nightdesk.render.proposal_source import Needed, ProposalInput, Proposed
from nightdesk.render.rows import day_of, decimal_of, int_of, text_of


def proposal_page(source: ProposalInput) -> ClientPage | None:
    """The view of the page; None where nothing may be offered."""
    t, f = catalogue(source.language), Figures(source.language, source.notes.base_ccy)
    needs = [(need, [one for one in need.bundles if one.row["verdict"] == "offer"]) for need in source.needs]
    needs = [(need, bundles) for need, bundles in needs if bundles]
    if not needs:
        return None
    sheets: list[Sheet | Points] = []
    for need, bundles in needs:
        for number, bundle in enumerate(bundles, 1):
            sheets += _bundle(need, bundle, number, source, t, f)
    offered = [one for _, bundles in needs for one in bundles]
    kind = "" if any(source.words.lends(one.row) for one in offered) else "service_"
    has_table = any(one.reckoned and one.reckoned.chosen for one in offered)
    products = list(dict.fromkeys(str(one.row["product"]) for one in offered))
    documents = {str(row["document"]): row for product in products for row in source.words.documents.get(product, ())}
    asked_for = tuple(Fact(_begun(said(row, "name", t)), "") for row in documents.values())
    sheets.append(Points(t("proposal.documents"), asked_for))
    name = text_of(source.branch, "name_en") if source.language == "en" else None
    return ClientPage(
        language=source.language,
        title=t(f"proposal.{kind}title"),
        name=client_name(source.client, full=True),
        id="",
        business_date=f.day(source.business_date),
        when=f.long_day(source.notes.morning),
        subtitle=t("proposal.prepared", day=f.day(source.business_date)),
        brand=name or text_of(source.branch, "name") or "",
        profile=(
            *(
                Fact(
                    _begun(t.label("need", need.row["kind"])),
                    _asked(need, bundles, source, t, f),
                )
                for need, bundles in needs
            ),
            Fact(t("proposal.contact"), source.owner or t("none")),
        ),
        sheets=tuple(sheets),
        footer=(t(f"proposal.{kind}indicative"), *((t("proposal.conventions"),) if has_table else ())),
    )


def _asked(need: Needed, bundles: list[Proposed], source: ProposalInput, t: Catalogue, f: Figures) -> str:
    """What is asked for, and by when; a day that has passed is said to be one."""
    by_when = day_of(need.row, "by_when")
    is_past = by_when is not None and by_when <= source.business_date
    amount = f.money(decimal_of(need.row, "asked_amt"))
    kind = "" if any(source.words.lends(one.row) for one in bundles) else "service_"
    return t(f"proposal.{kind}{'asked_late' if is_past else 'asked'}", amount=amount, day=f.day(by_when))


def _bundle(
    need: Needed, bundle: Proposed, number: int, source: ProposalInput, t: Catalogue, f: Figures
) -> list[Sheet | Points]:
    row, words = bundle.row, source.words
    chosen = bundle.reckoned.chosen if bundle.reckoned else None
    parts = [part for part in (side_by_side(bundle, words, t, f, is_internal=False),) if part is not None]
    if bundle.reckoned and chosen is not None:
        parts.append(payments(chosen, bundle.reckoned.flows, t, f))
    chart = payment_chart(bundle, t, f)
    why = "\n".join(_begun(line) for line in reasons(bundle, "why", t))
    text = words.bundle[str(row["bundle"])]
    sheet = Sheet(
        title=_begun(
            t("proposal.bundle", need=t.label("need", need.row["kind"]), n=number, name=said(text, "name", t))
        ),
        facts=tuple(_facts(bundle, source, t, f)),
        words=(Fact(t("proposal.why"), why),) if bundle.facts else (),
        charts=(chart,) if chart else (),
        parts=tuple(parts),
    )
    return [sheet]


def _facts(bundle: Proposed, source: ProposalInput, t: Catalogue, f: Figures) -> list[Fact]:
    row, words = bundle.row, source.words
    text = words.bundle[str(row["bundle"])]
    found = [Fact(t("proposal.product"), said(words.product[str(row["product"])], "name", t))]
    amount = decimal_of(row, "amount")
    if amount is not None:
        found.append(Fact(t("proposal.amount"), f.money(amount)))
    if (paid_out := day_of(row, "paid_out_on")) is not None and text_of(row, "shape"):
        found.append(Fact(t("proposal.paid_out"), f.day(paid_out)))
    if (months := int_of(row, "tenor_months")) is not None:
        found.append(Fact(t("proposal.tenor"), t("proposal.months", n=months)))
    low, high = decimal_of(row, "rate_low_pct"), decimal_of(row, "rate_high_pct")
    if low is not None and high is not None:
        found.append(Fact(t("proposal.rate"), t("proposal.rate_range", low=_pct(low, f), high=_pct(high, f))))
    if shape := text_of(row, "shape"):
        shaped = words.shape[shape]
        found.append(
            Fact(
                t("proposal.shape"),
                t("proposal.shape_value", name=said(shaped, "name", t), what=said(shaped, "what", t)),
            )
        )
    if (rate := decimal_of(row, "rate_pct")) is not None and shape:
        found.append(Fact(t("proposal.table_rate"), t("proposal.table_rate_value", rate=_pct(rate, f))))
    found.append(Fact(t("proposal.parts"), said(text, "parts", t)))
    if words.lends(row):
        found.append(Fact(t("proposal.security"), said(text, "security", t)))
    return [Fact(fact.label, _begun(fact.value)) for fact in found]


def _begun(text: str) -> str:
    """A text that begins a line of a page for a client: with a capital, where its language has them."""
    return text[:1].upper() + text[1:]


def _pct(value: Decimal, f: Figures) -> str:
    return f.percent(value, 2)
