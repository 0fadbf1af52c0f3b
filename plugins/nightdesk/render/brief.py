"""The brief for a visit: one sheet of paper about a client, for whoever goes there, from one published night."""

from nightdesk.render import brief_sheets as sheets
from nightdesk.render.branch_model import Fact
from nightdesk.render.brief_source import BriefInput
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.client_page import ClientPage, Points
from nightdesk.render.figures import Figures
from nightdesk.render.masking import client_name
from nightdesk.render.night_facts import exposure_foot
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, flag_of, int_of, text_of


def brief_page(source: BriefInput) -> ClientPage:
    """The view of one brief."""
    t, f = catalogue(source.language), Figures(source.language, source.notes.base_ccy)
    planned = day_of(source.visit, "visit_on")
    colour = text_of(source.warning, "colour") or "not_assessed"
    client_id = text_of(source.client, "client_id") or ""
    return ClientPage(
        language=source.language,
        title=t("brief.title"),
        name=client_name(source.client, full=False),
        id=client_id,
        business_date=f.day(source.business_date),
        when=f.long_day(source.notes.morning),
        subtitle=t("brief.visit", day=f.short_day(planned)) if planned else t("brief.no_visit"),
        profile=_profile(source, colour, t, f),
        sheets=(
            sheets.purpose(source, t, f),
            sheets.questions(source, t),
            Points(t("brief.cautions"), tuple(Fact(sheets.words_of(row, t), "") for row in as_rows(source.cautions))),
            sheets.since(source, t, f),
            sheets.signals(source, t, f),
            sheets.loans(source, t, f),
            sheets.dates(source, t, f),
            sheets.needs(source, t, f),
            sheets.members(source, t, f),
        ),
        is_one_sheet=True,
        footer=(
            t("brief.footer", night=f.day(source.business_date), revision=t("revision", n=source.revision)),
            t("brief.confidential"),
            exposure_foot(t),
        ),
    )


def _profile(source: BriefInput, colour: str, t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    owner, deputy = text_of(source.owner, "owner_id"), text_of(source.owner, "deputy_id")
    who = _person(owner, source) if owner else t("brief.nobody")
    if flag_of(source.owner, "is_away"):
        who = t("brief.away", owner=who, deputy=_person(deputy, source) if deputy else t("brief.nobody"))
    since = day_of(source.warning, "colour_since")
    told = t.label("colour", colour) + (t("brief.since", day=f.day(since)) if since else "")
    return (
        Fact(t("brief.colour"), told),
        Fact(t("brief.tier"), _tier(source, t, f)),
        Fact(t("brief.owner"), who),
        Fact(t("brief.exposure"), f.money(decimal_of(source.exposure, "exposure_amt"))),
        Fact(t("brief.overdue"), f.money(decimal_of(source.exposure, "overdue_amt"))),
        Fact(t("brief.deposits"), f.money(decimal_of(source.balance, "avg_30d_amt"))),
        Fact(t("brief.products"), _joined((t.label("product", row["product"]) for row in as_rows(source.products)), t)),
        Fact(t("brief.consent"), t(f"brief.consent_{_consent(source.client)}")),
    )


def _consent(client: Row) -> str:
    given = client.get("marketing_consent")
    return "unknown" if given is None else "given" if given is True else "refused"


def _joined(words: object, t: Catalogue) -> str:
    found = [str(word) for word in words]  # type: ignore[attr-defined]
    return t("list.join").join(found) or t("none")


def _person(staff_id: str | None, source: BriefInput) -> str:
    return f"{source.people.get(staff_id or '', '')} {staff_id or ''}".strip()


def _tier(source: BriefInput, t: Catalogue, f: Figures) -> str:
    tier = t.label("tier", text_of(source.tier, "tier"))
    target, lever = text_of(source.path, "target_tier"), text_of(source.path, "lever")
    if not target or not lever:
        return tier
    amount = decimal_of(source.path, "lever_amt")
    much = f.money(amount) if amount is not None else f.count(int_of(source.path, "lever_count"))
    by = f.day(day_of(source.path, "by_on"))
    return f"{tier}{t('brief.way', target=t.label('tier', target), lever=t.label('lever', lever), much=much, by=by)}"
