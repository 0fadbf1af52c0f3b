"""The tables of the review of the whole book; how a column reads says `table_spec`."""

from nightdesk.render.table_spec import SectionSpec, table_of

_WHO = "name:prose project_id:text branch:prose category:code/book_category"

PORTFOLIO: tuple[SectionSpec, ...] = (
    SectionSpec(
        "mix",
        (
            table_of(
                "esg_portfolio.category_mix",
                "category:code/book_category stage:code/stage project_count:count unknown_count:count "
                "exposure_amt:amount exposure_pct:pct approved_amt:maybe:amount",
                "category stage",
                by="category",
                listed="project",
                rests_on="project",
            ),
        ),
        (
            table_of(
                "esg_portfolio.project",
                f"{_WHO} stage:code/stage sector_code:prose:code/sector country:text exposure_amt:amount "
                "approved_on:day approved_amt:maybe:amount score_evidenced:number coverage_pct:pct "
                "score_strict:number red_count:count",
                "category -exposure_amt project_id",
                groups="category",
                rests_on="project",
            ),
        ),
    ),
    SectionSpec(
        "score",
        (
            table_of(
                "esg_portfolio.score_band",
                "band:code/score_band from_score:number project_count:count mean_coverage_pct:pct "
                "lowest_coverage_pct:pct red_project_count:count red_count:count before_count:count "
                "exposure_amt:amount",
                "from_score",
                by="band",
                listed="score_placed",
                rests_on="esg_item",
            ),
        ),
        (
            table_of(
                "esg_portfolio.score_move",
                f"{_WHO} direction:code/score_direction move:number score_evidenced_before:number "
                "score_evidenced:number "
                "coverage_pct:pct red_count:count score_strict_before:number score_strict:number",
                "place",
                rests_on="esg_item",
            ),
            table_of(
                "esg_portfolio.score_placed",
                f"band:code/score_band band_before:code/score_band {_WHO} score_evidenced:number coverage_pct:pct "
                "red_count:count score_strict:number exposure_amt:amount",
                "band score_evidenced project_id",
                groups="band",
                rests_on="esg_item",
            ),
        ),
    ),
    SectionSpec(
        "action",
        (
            table_of(
                "esg_portfolio.overdue_branch",
                "branch:prose project_count:count late_project_count:count overdue_count:count high_count:count "
                "unknown_count:count max_days_late:count",
                "-overdue_count -high_count branch_id",
                by="branch_id",
                listed="overdue_action",
                rests_on="esap_action",
            ),
        ),
        (
            table_of(
                "esg_portfolio.overdue_action",
                f"{_WHO} standard:text description:prose owner:prose is_high:flag due_on:day days_late:count "
                "state:code/action_state",
                "branch_id place",
                groups="branch_id",
                rests_on="esap_action",
            ),
        ),
    ),
    SectionSpec(
        "permit",
        (
            table_of(
                "esg_portfolio.permit_quarter",
                "bucket:code/permit_bucket permit_count:count project_count:count critical_count:count "
                "filed_count:count unknown_count:count",
                "quarter_no",
                by="quarter_no",
                listed="permit_due",
                rests_on="permit",
            ),
        ),
        (
            table_of(
                "esg_portfolio.permit_due",
                f"{_WHO} kind:code/permit_kind permit_id:text is_critical:flag expires_on:day days_left:count "
                "renewal_filed_on:day",
                "quarter_no expires_on permit_id",
                groups="quarter_no",
                rests_on="permit",
            ),
        ),
    ),
    SectionSpec(
        "incident",
        (
            table_of(
                "esg_portfolio.incident_kind",
                "kind:code/incident_kind recent_count:count open_count:count unknown_count:count recent_amt:amount "
                "max_days_open:count",
                "-open_count -recent_count kind",
                by="kind",
                listed="incident_listed",
                rests_on="esg_incident",
            ),
        ),
        (
            table_of(
                "esg_portfolio.incident_listed",
                "kind:code/incident_kind name:prose project_id:text branch:prose incident_id:text occurred_on:day "
                "closed_on:day amount:amount state:code/book_incident_state days_open:count",
                "kind -occurred_on incident_id",
                groups="kind",
                rests_on="esg_incident",
            ),
        ),
    ),
    SectionSpec(
        "emission",
        (
            table_of(
                "esg_portfolio.emission_scope",
                # what follows from what stands beside it
                "year:text report_due_on:maybe:day pcaf_class:code/pcaf_class scope:code/emission_scope "
                "financed_t:number covered_amt:million intensity_t_per_million:number outstanding_amt:million "
                "coverage_pct:pct weighted_quality:number covered_count:count uncovered_count:count "
                "not_due_count:maybe:count",
                "-year pcaf_class scope",
                by="year",
                listed="emission_listed",
                rests_on="emission",
            ),
            table_of(
                "esg_portfolio.emission_quality",
                "year:text pcaf_class:code/pcaf_class scope:code/emission_scope quality_class:code/emission_quality "
                "row_count:count outstanding_amt:amount outstanding_pct:pct",
                "pcaf_class scope quality_class",
                by="year",
                listed="emission_listed",
                rests_on="emission",
            ),
            table_of(
                "esg_portfolio.top_emitter",
                "year:text place:count name:prose project_id:text loan_id:text sector_code:prose:code/sector "
                "scope1_t:tonnes scope2_t:tonnes scope3_t:tonnes attribution_pct:pct quality:count "
                "outstanding_amt:amount",
                "-year place",
                rests_on="emission",
            ),
            table_of(
                "esg_portfolio.power_intensity",
                "year:text name:prose project_id:text sector_code:prose:code/sector emission_t:number "
                "output_kwh:number intensity_g_per_kwh:number data_quality:count reason:prose:code/intensity_reason",
                "-year -intensity_g_per_kwh project_id",
                rests_on="emission project_cashflow",
            ),
        ),
        (
            table_of(
                "esg_portfolio.emission_listed",
                "year:text pcaf_class:code/pcaf_class name:prose project_id:text loan_id:text "
                "scope:code/emission_scope financed_t:number emission_t:number attribution_pct:pct "
                "outstanding_amt:million denominator_amt:million basis:code/emission_basis quality:count "
                "report_due_on:maybe:day reason:prose:code/emission_reason",
                "-year pcaf_class -financed_t project_id loan_id scope",
                groups="year",
                rests_on="emission",
            ),
        ),
    ),
    SectionSpec(
        "taxonomy",
        (
            table_of(
                "esg_portfolio.taxonomy_version",
                "taxonomy_version:text project_count:count loan_count:count eligible_amt:amount eligible_pct:pct "
                "uncoded_count:count uncoded_amt:amount unknown_count:count",
                "taxonomy_version",
                by="taxonomy_version",
                listed="taxonomy_listed",
                rests_on="loan",
            ),
        ),
        (
            table_of(
                "esg_portfolio.taxonomy_listed",
                "taxonomy_version:text taxonomy_code:text name:prose project_id:text branch:prose loan_count:count "
                "outstanding_amt:amount",
                "taxonomy_version taxonomy_code -outstanding_amt project_id",
                groups="taxonomy_version",
                rests_on="loan",
            ),
        ),
    ),
    SectionSpec(
        "review",
        (
            table_of(
                "esg_portfolio.review_kind",
                "kind:code/esg_due_kind overdue_count:count due_count:count later_count:count done_count:count "
                "unknown_count:count max_days_late:count",
                "kind",
                by="kind",
                listed="review_listed",
                rests_on="project",
            ),
        ),
        (
            table_of(
                "esg_portfolio.review_listed",
                f"kind:code/esg_due_kind state:code/due_state {_WHO} indicator:known:text event_on:known:day "
                "due_on:day done_on:known:day days_late:known:count reason:prose:code/due_reason",
                "kind -days_late due_on project_id rule",
                groups="kind",
                rests_on="project",
            ),
            table_of(
                "esg_portfolio.approval_waiting",
                f"state:code/due_state {_WHO} period_end:day verdict:code/review_verdict prepared_by_name:text "
                "prepared_on:day due_on:day days_late:known:count has_changed:flag subject_key:text",
                "-days_late due_on project_id period_end",
                rests_on="project",
            ),
            table_of(
                "esg_portfolio.rework_waiting",
                f"state:code/due_state {_WHO} period_end:day returned_by_name:text returned_on:day note:prose "
                "prepared_by_name:text due_on:day days_late:known:count subject_key:text",
                "-days_late due_on project_id period_end",
                rests_on="project",
            ),
        ),
    ),
    SectionSpec(
        "condition",
        (
            table_of(
                "esg_portfolio.condition_open",
                "name:prose project_id:text branch:prose condition:prose is_before_draw:flag due_on:day "
                "days_late:count state:code/action_state condition_id:text period_end:day",
                "-is_before_draw -days_late due_on condition_id",
                rests_on="esg_review esg_condition",
            ),
        ),
    ),
)
