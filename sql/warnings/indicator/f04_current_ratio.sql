-- one row per company with accounts published or owed: F04, current assets over current liabilities, also
-- against the sector
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F04'
),

setting as (
    select max(case when setting = 'peer_ratio_gap' then value end) as peer_ratio_gap
    from policy.statement_setting
),

peer as (
    select * from features_statement.peer
),

position as (
    select * from features_statement.position
),

figured as (
    select
        position.*,
        position.is_current as is_known,
        position.current_ratio as figure,
        peer.current_ratio_p25 as peer_ratio,
        -- the sector's line is one of red where that of amber is passed anyway
        greatest(
            rule.red_value,
            least(rule.amber_value, coalesce(peer.current_ratio_p25 - setting.peer_ratio_gap, rule.red_value))
        ) as own_red_ratio
    from position
    cross join rule
    cross join setting
    left join peer
        on position.sector_code = peer.sector_code and not position.is_project_company
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(is_known and (figure is not null or (current_liabilities = 0 and current_assets is not null)), false)
            as is_assessed,
        case when is_known then figure end as value,
        peer_ratio as baseline,
        cast(null as decimal(18, 4)) as second_value,
        period_end as data_date,
        source_keys,
        own_red_ratio,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(
    red_too='measured.value < measured.own_red_ratio',
    red_threshold='measured.own_red_ratio',
    reason_case="case
                when measured.value >= rule.red_value and measured.value < measured.own_red_ratio then 'sector'
            end",
    unread_case='measured.unread_as'
) }}

select * from worst
