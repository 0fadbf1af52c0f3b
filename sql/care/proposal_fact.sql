-- one row per proposal and fact that speaks for it or for its way of repaying, or limit that it does not meet: at most
-- three of each, with figures
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
        cast(null as varchar) as cheaper,
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
        cast(null as varchar) as cheaper,
        is_met is null as is_unknown
    from care_proposal.cover_limit
    where not coalesce(is_met, false)
),

-- the way of repaying that costs the least interest, whether or not it can be carried
least_interest as (
    select
        proposal_id,
        shape,
        total_interest_amt,
        min_dscr,
        peak_service_amt,
        row_number() over (partition by proposal_id order by total_interest_amt, shape) as place
    from night.repayment_measure
    where problem is null
),

offered as (
    select
        proposal.*,
        cheaper.shape as cheaper_shape,
        proposal.total_interest - cheaper.total_interest_amt as dearer_amt,
        cheaper.min_dscr as cheaper_dscr,
        cheaper.peak_service_amt as cheaper_peak_amt,
        product.sizing,
        working.need_amt,
        turnover.inflow_amt,
        turnover.tax_amt,
        turnover.payroll_amt
    from proposal
    inner join policy.product as product on proposal.product = product.product
    left join care_proposal.working_capital as working on proposal.client_id = working.client_id
    left join care_proposal.turnover as turnover on proposal.client_id = turnover.client_id
    left join least_interest as cheaper
        on
            proposal.proposal_id = cheaper.proposal_id
            and cheaper.place = 1
            and proposal.total_interest > cheaper.total_interest_amt
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
    ('cheapest', 'total_interest', 'amount', 'min_dscr is not null and cheaper_shape is null'),
    ('dearer_cover', 'dearer_amt', 'cheaper_dscr', 'min_dscr is not null and cheaper_shape is not null'),
    ('dearer_own_cover', 'min_dscr', 'avg_dscr', 'min_dscr is not null and cheaper_shape is not null'),
    ('dearer_trade', 'dearer_amt', 'cheaper_peak_amt', "min_dscr is null and cheaper_shape is not null and shape = 'bullet'"),
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
        {{ "cheaper_shape" if fact.startswith('dearer') else "cast(null as varchar)" }} as cheaper,
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
        shape_text.name_zh as cheaper_zh,
        shape_text.name_en as cheaper_en,
        row_number() over (
            partition by gathered.proposal_id, text_of.side
            order by case when gathered.is_unknown then 1 else 0 end, text_of.place, gathered.fact
        ) as place
    from gathered
    inner join text_of on gathered.fact = text_of.fact
    left join policy.shape_text as shape_text on gathered.cheaper = shape_text.shape
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
            'cheaper_zh': 'placed.cheaper_zh', 'cheaper_en': 'placed.cheaper_en',
        }) }} as figures
    from placed
    inner join proposal on placed.proposal_id = proposal.proposal_id
    where placed.place <= 3
)

select * from worded
