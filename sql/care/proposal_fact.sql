-- one row per proposal and fact that speaks for it, or limit that it does not meet: at most three of each, with
-- figures
{% import 'macros/words.sql' as words %}
with
proposal as (
    select * from care.proposal
),

text_of as (
    select * from policy.proposal_fact_text
),

against as (
    select
        proposal_id,
        rule as fact,
        value,
        limit_value,
        value_code,
        limit_code,
        is_met is null as is_unknown
    from care_proposal.hard_limit
    where not coalesce(is_met, false)
    union all
    select
        proposal_id,
        rule as fact,
        value,
        limit_value,
        value_code,
        limit_code,
        is_met is null as is_unknown
    from care_proposal.cover_limit
    where not coalesce(is_met, false)
),

offered as (
    select
        proposal.*,
        product.sizing,
        working.need_amt,
        turnover.inflow_amt,
        turnover.tax_amt,
        turnover.payroll_amt
    from proposal
    inner join policy.product as product on proposal.product = product.product
    left join care_proposal.working_capital as working on proposal.client_id = working.client_id
    left join care_proposal.turnover as turnover on proposal.client_id = turnover.client_id
    where proposal.verdict = 'offer'
),

{% set facts = [
    ('size_asked', 'amount', 'asked_amt', 'amount = asked_amt'),
    ('size_part', 'amount', 'asked_amt', 'amount < asked_amt'),
    ('service', 'asked_amt', 'null', "sizing = 'none' and asked_amt is not null"),
    ('needs_capital', 'need_amt', 'capacity_amt', "sizing = 'working_capital'"),
    ('earns', 'min_dscr', 'avg_dscr', 'min_dscr is not null'),
    ('turns', 'inflow_amt', 'capacity_amt', "sizing in ('data', 'turnover')"),
    ('pays_tax', 'tax_amt', 'payroll_amt', "sizing = 'data'"),
    ('cheapest', 'total_interest', 'amount', 'min_dscr is not null'),
] %}
for_it as (
    {% for fact, value, limit, condition in facts %}
    select
        proposal_id,
        '{{ fact }}' as fact,
        cast({{ value }} as decimal(38, 4)) as value,
        cast({{ limit }} as decimal(38, 4)) as limit_value,
        cast(null as varchar) as value_code,
        cast(null as varchar) as limit_code,
        false as is_unknown
    from offered
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

gathered as (
    select * from against
    union all
    select * from for_it
),

placed as (
    select
        gathered.*,
        text_of.side,
        text_of.words_zh,
        text_of.words_en,
        text_of.unknown_zh,
        text_of.unknown_en,
        row_number() over (
            partition by gathered.proposal_id, text_of.side
            order by case when gathered.is_unknown then 1 else 0 end, text_of.place, gathered.fact
        ) as place
    from gathered
    inner join text_of on gathered.fact = text_of.fact
),

worded as (
    select
        $business_date as business_date,
        proposal.client_id,
        placed.proposal_id,
        placed.side,
        placed.place,
        placed.fact,
        placed.value,
        placed.limit_value,
        case when placed.is_unknown then placed.unknown_zh else placed.words_zh end as words_zh,
        case when placed.is_unknown then placed.unknown_en else placed.words_en end as words_en,
        {{ words.figures({
            'value': 'placed.value', 'limit': 'placed.limit_value',
            'value_code': 'placed.value_code', 'limit_code': 'placed.limit_code',
        }) }} as figures
    from placed
    inner join proposal on placed.proposal_id = proposal.proposal_id
    where placed.place <= 3
)

select * from worded
