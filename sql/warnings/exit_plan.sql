-- one row per client whose stage asks for a plan of contingency and exit: the plan as tonight drafts it, its cell of
-- the exit matrix, and what people decided about it
with
setting as (
    select cast(max(case when setting = 'plan_days' then value end) as integer) as plan_days
    from policy.exit_setting
),

matrix as (
    select * from policy.exit_matrix
),

strategy as (
    select * from policy.exit_strategy_text
),

placed as (
    select * from warnings_exit.placed
),

viability as (
    select * from warnings_exit.viability
),

protection as (
    select * from warnings_exit.protection
),

before as (
    select * from previous.exit_plan
),

-- what fired, the gravest first; a suspicion that only risk may read is in no plan, and neither is what says something
-- of the data alone
fired as (
    select
        signal.client_id,
        signal.indicator,
        row_number() over (
            partition by signal.client_id
            order by
                case when signal.hard then 0 when signal.severity = 'red' then 1 else 2 end asc,
                signal.indicator asc
        ) as place
    from warnings.signal as signal
    inner join policy.indicator as indicator
        on signal.indicator = indicator.indicator and indicator.counts_for_colour
    where signal.audience <> 'risk_only' and signal.severity in ('red', 'amber')
),

trigger as (
    select
        client_id,
        string_agg(indicator, ',' order by place) as triggers
    from fired
    group by client_id
),

test as (
    select
        client_id,
        on_date,
        due_on,
        row_number() over (partition by client_id order by due_on asc, on_date asc) as place
    from warnings.exit_date
    where kind in ('covenant_test', 'covenant_test_expected')
),

next_test as (
    select
        client_id,
        on_date as next_test_on,
        due_on as test_due_on
    from test
    where place = 1
),

decision as (
    select
        decision_id,
        subject_key,
        verdict,
        decided_on,
        decided_at
    from warnings.decision
    where subject = 'exit_plan' and refused_because is null
),

-- of what was decided since the plan was drafted the newest counts, and the newest approval renews it
drafted as (
    select
        placed.client_id,
        coalesce(before.drafted_on, $business_date) as drafted_on
    from placed
    left join before on placed.client_id = before.client_id
),

about as (
    select
        drafted.client_id,
        decision.decision_id,
        decision.verdict,
        decision.decided_on,
        row_number() over (
            partition by drafted.client_id order by decision.decided_at desc, decision.decision_id desc
        ) as place
    from drafted
    inner join decision on drafted.client_id = decision.subject_key and drafted.drafted_on <= decision.decided_on
),

approved as (
    select
        client_id,
        max(decided_on) as approved_on
    from about
    where verdict = 'approve'
    group by client_id
),

celled as (
    select
        placed.client_id,
        placed.branch_id,
        placed.stage,
        placed.since,
        placed.rule,
        placed.freezes_limits,
        placed.draws_need_risk,
        placed.outstanding_amt,
        placed.exposure_amt,
        placed.overdue_amt,
        placed.max_days_past_due,
        viability.viability,
        viability.ratio as viability_ratio,
        viability.cash_amt,
        viability.cash_source,
        viability.cash_data_on,
        viability.cash_share_pct,
        viability.service_amt,
        viability.gap as viability_gap,
        viability.is_capped as is_viability_capped,
        protection.protection,
        protection.pct as protection_pct,
        protection.realisable_amt,
        protection.collateral_count,
        protection.gap as protection_gap,
        case when placed.is_written_off then written_off.strategy else coalesce(cell.strategy, unassessed.strategy) end
            as strategy
    from placed
    inner join viability on placed.client_id = viability.client_id
    inner join protection on placed.client_id = protection.client_id
    left join matrix as cell on viability.viability = cell.viability and protection.protection = cell.protection
    left join matrix as unassessed on unassessed.viability = 'not_assessed'
    left join matrix as written_off on written_off.viability = 'written_off'
),

-- an approval is of the plan that the night before showed
settled as (
    select
        celled.*,
        drafted.drafted_on,
        approved.approved_on,
        about.decision_id,
        about.decided_on,
        about.verdict,
        case
            when coalesce(about.verdict, '') <> 'approve' then null
            when about.decision_id = before.decision_id then before.approved_strategy
            else coalesce(before.strategy, celled.strategy)
        end as approved_strategy,
        case
            when coalesce(about.verdict, '') <> 'approve' then null
            when about.decision_id = before.decision_id then before.approved_stage
            else coalesce(before.stage, celled.stage)
        end as approved_stage
    from celled
    inner join drafted on celled.client_id = drafted.client_id
    left join approved on celled.client_id = approved.client_id
    left join about on celled.client_id = about.client_id and about.place = 1
    left join before on celled.client_id = before.client_id
),

plan as (
    select
        $business_date as business_date,
        settled.client_id,
        settled.branch_id,
        settled.stage,
        settled.since,
        settled.rule,
        trigger.triggers,
        settled.outstanding_amt,
        settled.exposure_amt,
        settled.overdue_amt,
        settled.max_days_past_due,
        settled.viability,
        settled.viability_ratio,
        settled.cash_amt,
        settled.cash_source,
        settled.cash_data_on,
        settled.cash_share_pct,
        settled.service_amt,
        settled.viability_gap,
        settled.is_viability_capped,
        settled.protection,
        settled.protection_pct,
        settled.realisable_amt,
        settled.collateral_count,
        settled.protection_gap,
        settled.strategy,
        strategy.name_zh as strategy_zh,
        strategy.name_en as strategy_en,
        strategy.means_zh,
        strategy.means_en,
        next_test.next_test_on,
        next_test.test_due_on,
        settled.freezes_limits,
        settled.draws_need_risk,
        settled.drafted_on,
        settled.decision_id,
        settled.decided_on,
        settled.approved_on,
        settled.approved_stage,
        settled.approved_strategy,
        case
            when settled.verdict is null then 'drafted'
            when settled.verdict <> 'approve' then 'rejected'
            when settled.approved_strategy = settled.strategy and settled.approved_stage = settled.stage then 'approved'
            else 'changed'
        end as state,
        cast(
            coalesce(settled.approved_on, settled.drafted_on) + setting.plan_days * interval '1' day as date
        ) as renew_by
    from settled
    cross join setting
    left join strategy on settled.strategy = strategy.strategy
    left join trigger on settled.client_id = trigger.client_id
    left join next_test on settled.client_id = next_test.client_id
)

select * from plan
