-- one row per campaign that the bank has planned: what of it is not said is policy's default
with
setting as (
    select
        cast(max(case when setting = 'outcome_days' then value end) as integer) as outcome_days,
        max(case when setting = 'hold_out_pct' then value end) as hold_out_pct
    from policy.campaign_setting
),

planned as (
    select
        plan.campaign_id as campaign,
        coalesce(plan.name, plan.name_en, plan.campaign_id) as name_zh,
        coalesce(plan.name_en, plan.name, plan.campaign_id) as name_en,
        plan.product,
        plan.client_kind,
        plan.starts_on,
        plan.ends_on,
        coalesce(plan.outcome_days, setting.outcome_days) as outcome_days,
        cast(coalesce(plan.hold_out_pct, setting.hold_out_pct) as decimal(9, 4)) as hold_out_pct
    from source.campaign_plan as plan
    cross join setting
    where plan.ends_on >= plan.starts_on
)

select * from planned
