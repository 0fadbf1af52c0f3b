"""The tables of the yearly disclosure: of PCAF, and of the Equator Principles' tenth."""

from nightdesk.render.book_tables import PORTFOLIO
from nightdesk.render.table_spec import SectionSpec, table_of

(_EMISSION,) = (section for section in PORTFOLIO if section.name == "emission")

DISCLOSURE: tuple[SectionSpec, ...] = (
    SectionSpec(
        "pcaf",
        (
            table_of(
                "esg_disclosure.pcaf",
                "year:text report_due_on:maybe:day pcaf_class:code/pcaf_class sector_code:prose:code/sector "
                "outstanding_amt:amount covered_amt:amount coverage_pct:pct row_count:count covered_count:count "
                "not_due_count:maybe:count unknown_count:count scope1_t:tonnes "
                "scope1_quality:number scope2_t:tonnes scope2_quality:number scope3_t:tonnes scope3_coverage_pct:pct "
                "scope3_quality:number",
                "-year pcaf_class sector_code",
                by="year",
                listed="emission_listed",
                rests_on="emission",
            ),
        ),
        _EMISSION.lists,
    ),
    SectionSpec(
        "equator",
        (
            table_of(
                "esg_disclosure.equator",
                "year:text product:code/equator_product scope:code/equator_scope category:code/book_category "
                "sector:code/equator_sector region:code/equator_region country_kind:code/country_kind "
                "independent_review:code/independent_review project_count:count",
                "-year product scope category sector region country_kind independent_review",
                by="year",
                listed="equator_project",
                rests_on="project",
            ),
        ),
        (
            table_of(
                "esg_disclosure.equator_project",
                "year:text name:prose project_id:text product:code/equator_product category:code/book_category "
                "sector:code/equator_sector region:code/equator_region country:text is_designated:flag "
                "cost_usd:amount scope_rule:prose:code/equator_rule independent_review:code/independent_review "
                "approved_on:day",
                "-year category project_id",
                groups="year",
                rests_on="project",
            ),
        ),
    ),
)
