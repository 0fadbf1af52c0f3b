-- one row per signal that stood before tonight and is gone: assessed and no longer firing, not applicable, or lapsed;
-- its episode closes when it was clear for as long as it has to be (closed)
{% import 'macros/words.sql' as words %}
with
standing as (
    select * from warnings_verdict.standing
),

rule as (
    select * from policy.indicator_text
),

wording as (
    select * from policy.indicator_reason
),

client as (
    select * from staging.client
),

reading as (
    select
        client_id,
        indicator,
        is_assessed,
        severity,
        value,
        amber_line,
        data_date
    from warnings_verdict.reading
    union all
    select
        client_id,
        indicator,
        is_assessed,
        severity,
        value,
        amber_line,
        data_date
    from warnings_verdict.contagion
    union all
    select
        client_id,
        indicator,
        is_assessed,
        severity,
        value,
        amber_line,
        data_date
    from warnings_verdict.quality
),

withheld as (
    select * from warnings_verdict.withheld
),

-- a signal that can no longer be assessed is not good news: it is suspended, and lapses when its window has passed
gone as (
    select
        standing.client_id,
        coalesce(client.branch_id, standing.branch_id) as branch_id,
        standing.loan_id,
        standing.project_id,
        standing.indicator,
        standing.severity,
        standing.first_seen,
        standing.last_seen,
        standing.unit,
        standing.audience,
        reading.value,
        reading.amber_line,
        reading.data_date,
        coalesce(rule.name_zh, standing.indicator) as name_zh,
        coalesce(rule.name_en, standing.indicator) as name_en,
        case
            when reading.client_id is null then 'not_applicable'
            when reading.is_assessed then 'cleared'
            else 'lapsed'
        end as reason_case
    from standing
    left join reading on standing.client_id = reading.client_id and standing.indicator = reading.indicator
    left join withheld on standing.client_id = withheld.client_id and standing.indicator = withheld.rule
    left join client on standing.client_id = client.client_id
    left join rule on standing.indicator = rule.indicator
    where
        withheld.client_id is null
        and reading.severity is null
        and (reading.client_id is null or reading.is_assessed or standing.is_outdated)
),

cleared as (
    select
        $business_date as business_date,
        gone.client_id,
        gone.branch_id,
        gone.loan_id,
        gone.project_id,
        gone.indicator,
        gone.severity,
        gone.first_seen,
        gone.last_seen,
        gone.audience,
        gone.reason_case,
        coalesce(risen.reason_zh, own.reason_zh, of_any.reason_zh) as reason_zh,
        coalesce(risen.reason_en, own.reason_en, of_any.reason_en) as reason_en,
        {{ words.figures({
            'name_zh': 'gone.name_zh',
            'name_en': 'gone.name_en',
            'of_zh': "coalesce('(' || coalesce(gone.loan_id, gone.project_id) || ')', '')",
            'of_en': "coalesce(' (' || coalesce(gone.loan_id, gone.project_id) || ')', '')",
            'value': 'gone.value',
            'risen': '-gone.value',
            'own_line': 'gone.amber_line',
            'unit': 'gone.unit',
            'last_seen': 'gone.last_seen',
            'data_date': 'gone.data_date',
        }) }} as figures
    from gone
    inner join wording as of_any on gone.reason_case = of_any.reason_case and of_any.indicator = '*'
    left join wording as own on gone.reason_case = own.reason_case and gone.indicator = own.indicator
    -- a fall below nothing is a rise, and is called one
    left join wording as risen
        on
            gone.indicator = risen.indicator
            and gone.reason_case = 'cleared'
            and risen.reason_case = 'cleared_risen'
            and gone.value < 0
)

select * from cleared
