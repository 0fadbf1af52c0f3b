-- one row per campaign: what each arm did, and how sure policy wants an uplift to be
with
setting as (
    select
        max(case when setting = 'uplift_confidence_pct' then value end) as confidence_pct,
        cast(max(case when setting = 'uplift_arm_clients' then value end) as integer) as arm_clients
    from policy.campaign_setting
),

{% set arms = ('treatment', 'hold_out') %}
counted as (
    select
        campaign,
        max(name_zh) as name_zh,
        max(name_en) as name_en,
        max(hold_out_pct) as hold_out_pct,
        product,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        max(outcome_until) as outcome_until,
        min(drawn_on) as drawn_on,
        max(case when is_reconstructed then 1 else 0 end) = 1 as is_reconstructed,
        {% for arm in arms %}
        cast(sum(case when arm = '{{ arm }}' then 1 else 0 end) as integer) as {{ arm }}_clients,
        cast(sum(case when arm = '{{ arm }}' and offered_on is not null then 1 else 0 end) as integer)
            as {{ arm }}_offered,
        cast(sum(case when arm = '{{ arm }}' and has_bought then 1 else 0 end) as integer) as {{ arm }}_bought,
        {% endfor %}
        -- bought already is known before the time is over, not bought is not: no share is taken of half of it
        max(case when has_bought is null then 1 else 0 end) = 0 as is_known
    from tasks.campaign
    group by campaign, product
),

result as (
    select
        counted.*,
        setting.confidence_pct,
        setting.arm_clients
    from counted
    cross join setting
)

select * from result
