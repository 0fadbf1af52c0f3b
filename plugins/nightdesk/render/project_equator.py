"""The Equator Principles' reading of a project: whether they reach it, by which rule, and what they then ask for."""

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.project_model import Sheet
from nightdesk.render.rows import Row, decimal_of, int_of, text_of


def equator_sheet(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    """The reading as facts, each with the rule that it follows from."""
    row = source.equator
    if not row:
        return Sheet(title=t("esg.equator"), said=t("esg.equator_lacks"))
    is_in, known = row.get("is_in_scope") is True, row.get("is_in_scope") is not None
    scope = ("esg.in_scope" if is_in else "esg.out_of_scope") if known else "esg.scope_unknown"
    rule = t(f"equator_rule.{text_of(row, 'scope_rule')}")
    facts = [Fact(t("esg.equator_scope"), t("esg.with_rule", what=t(scope), rule=rule))]
    dollars = Figures(source.language, "USD")
    amounts = {"esg.cost_usd": "cost_usd", "esg.debt_usd": "debt_usd", "esg.commitment_usd": "commitment_usd"}
    for key, column in amounts.items():
        amount = decimal_of(row, column)
        if amount is not None:
            facts.append(Fact(t(key), dollars.money(amount)))
    facts.append(Fact(t("esg.equator_country"), _country(row, t, f)))
    applying = {"esg.principles": "principles", "esg.principles_as_appropriate": "principles_as_appropriate"}
    for key, column in applying.items():
        numbers = (text_of(row, column) or "").split(";")
        if numbers != [""]:
            named = t("list.join").join(f"{n} {t(f'equator_principle.{n}')}" for n in numbers)
            facts.append(Fact(t(key), named))
    climate = text_of(row, "climate_assessment")
    if climate:
        facts.append(Fact(t("esg.climate_assessment"), t(f"applies.{climate}")))
    emission = decimal_of(row, "emission_t")
    if emission is not None:
        high = t("esg.above_high_emission") if row.get("is_high_emission") is True else t("esg.below_high_emission")
        told = t("esg.emission_of", n=f.number(emission, 0), year=int_of(row, "emission_year"))
        facts.append(Fact(t("esg.high_emission"), t("esg.with_rule", what=told, rule=high)))
    return Sheet(title=t("esg.equator"), hint=t("esg.equator_hint"), facts=tuple(facts))


def _country(row: Row, t: Catalogue, f: Figures) -> str:
    country, standard = text_of(row, "country"), text_of(row, "standard")
    if country is None:
        return t("esg.country_lacks")
    designated = t("esg.designated") if row.get("is_designated") is True else t("esg.not_designated")
    told = f"{f.country(country)}{t('list.colon')}{designated}"
    words = {"ifc_standards": "esg.ifc_standards", "host_country_law": "esg.host_country_law"}
    return told if standard is None else f"{told}{t('list.join')}{t(words[standard])}"
