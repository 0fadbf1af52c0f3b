-- one row per company with accounts published or owed, no project company: F01, debt in percent of
-- assets, also against the sector
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F01'
),

setting as (
    select
        max(case when setting = 'peer_least_debt_pct' then value end) as peer_least_debt_pct,
        max(case when setting = 'peer_amber_points' then value end) as peer_amber_points,
        max(case when setting = 'peer_red_points' then value end) as peer_red_points
    from policy.statement_setting
),

peer as (
    select * from features_statement.peer
),

position as (
    select * from features_statement.position
    where not is_project_company
),

figured as (
    select
        position.*,
        position.is_current and position.is_kind_known as is_known,
        position.debt_ratio_pct as figure,
        peer.debt_ratio_p75_pct as peer_pct,
        -- a sector draws a line below policy's own, and one of red where that of amber is passed anyway
        least(
            rule.amber_value,
            greatest(
                setting.peer_least_debt_pct,
                coalesce(peer.debt_ratio_p75_pct + setting.peer_amber_points, rule.amber_value)
            )
        ) as own_amber_pct,
        least(
            rule.red_value,
            greatest(rule.amber_value, coalesce(peer.debt_ratio_p75_pct + setting.peer_red_points, rule.red_value))
        ) as own_red_pct
    from position
    cross join rule
    cross join setting
    left join peer on position.sector_code = peer.sector_code
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and figure is not null as is_assessed,
        case when is_known then figure end as value,
        peer_pct as baseline,
        cast(null as decimal(18, 4)) as second_value,
        period_end as data_date,
        source_keys,
        own_amber_pct,
        own_red_pct,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(
    amber_too='measured.value > measured.own_amber_pct',
    red_too='measured.value > measured.own_red_pct',
    amber_threshold='measured.own_amber_pct',
    red_threshold='measured.own_red_pct',
    reason_case="case
                when measured.value <= rule.amber_value
                    or (measured.value <= rule.red_value and measured.value > measured.own_red_pct)
                    then 'sector'
            end",
    unread_case='measured.unread_as'
) }}

select * from worst
