-- one row per need: what became of it, from the offer to a year after the money was paid
-- No table says which offer or loan belongs to a need. An offer of a fitting product answers the newest need that was
-- open then, a loan the need whose acceptance it follows closest, within a year: each of them one need. Of a need's
-- offers the accepted one counts, else the first.
with
setting as (
    select
        max(case when setting = 'outcome_strained_days' then value end) as strained_days,
        max(case when setting = 'funded_within_days' then value end) as funded_within_days,
        max(case when setting = 'funded_before_days' then value end) as funded_before_days,
        max(case when setting = 'outcome_default_days' then value end) as default_days,
        max(case when setting = 'outcome_class_days' then value end) as class_days,
        max(case when setting = 'outcome_strained_rank' then value end) as strained_rank,
        max(case when setting = 'outcome_default_rank' then value end) as default_rank
    from policy.proposal_setting
),

need as (
    select
        need.*,
        client.branch_id
    from staging.need as need
    inner join staging.client as client on need.client_id = client.client_id
),

fitting as (
    select * from policy.need_product
),

answering as (
    select
        need.need_id,
        offer.offer_id,
        offer.product,
        offer.offered_on,
        offer.outcome,
        offer.outcome_on,
        row_number() over (
            partition by offer.offer_id order by need.raised_on desc, need.need_id asc
        ) as place
    from need
    inner join fitting on need.kind = fitting.need_kind
    inner join staging.offer as offer
        on
            need.client_id = offer.client_id
            and fitting.product = offer.product
            and need.raised_on <= offer.offered_on
            and coalesce(need.closed_on >= offer.offered_on, true)
),

offered as (
    select
        need_id,
        offer_id,
        product,
        offered_on,
        outcome,
        outcome_on,
        row_number() over (
            partition by need_id order by case when outcome = 'accepted' then 0 else 1 end, offered_on, offer_id
        ) as place
    from answering
    where place = 1
),

agreed as (
    select
        need.need_id,
        need.client_id,
        need.kind,
        need.amount as asked_amt,
        need.raised_on,
        case
            when offered.outcome = 'accepted' then offered.outcome_on
            when need.status = 'won' then need.closed_on
        end as accepted_on
    from need
    left join offered on need.need_id = offered.need_id and offered.place = 1
),

lending as (
    select
        agreed.need_id,
        loan.loan_id,
        loan.start_date,
        loan.limit_amt,
        loan.asset_class,
        loan.has_unconfirmed,
        row_number() over (
            partition by loan.loan_id
            order by
                abs(date_diff('day', agreed.accepted_on, loan.start_date)) asc,
                abs(loan.limit_amt - agreed.asked_amt) asc nulls last,
                agreed.raised_on asc,
                agreed.need_id asc
        ) as place
    from agreed
    cross join setting
    inner join fitting on agreed.kind = fitting.need_kind
    inner join features.loan_state as loan
        on
            agreed.client_id = loan.client_id
            and fitting.product = loan.product
            and agreed.raised_on <= loan.start_date
            and date_diff('day', agreed.accepted_on, loan.start_date)
            between -setting.funded_before_days and setting.funded_within_days
),

loan as (
    select
        need_id,
        loan_id,
        start_date,
        limit_amt,
        asset_class,
        has_unconfirmed,
        row_number() over (partition by need_id order by start_date, loan_id) as place
    from lending
    where place = 1
),

funded as (
    select
        *,
        cast(start_date + 365 * interval '1' day as date) as year_on
    from loan
    where place = 1
),

supplied as (
    select
        max(case when table_name = 'instalment' and is_supplied then 1 else 0 end) = 1 as has_plan,
        max(case when table_name = 'forbearance' and is_supplied then 1 else 0 end) = 1 as has_register
    from night.supplied
),

mark_column as (
    select count(*) > 0 as is_supplied
    from night.supplied_column
    where table_name = 'loan' and column_name = 'forborne_on'
),

-- the loan's own mark and the register of concessions together, as P07 reads them
granted as (
    select
        loan_id,
        granted_on
    from staging.forbearance
    union
    select
        loan_id,
        forborne_on as granted_on
    from features.loan_state
    where forborne_on is not null
),

held_back as (
    select distinct loan_id
    from night.withheld
    where table_name = 'forbearance' or (table_name = 'loan' and column_name = 'forborne_on')
),

-- the mark is of the last concession: without a register nobody knows what lies before one that came after the year
forborne as (
    select
        funded.need_id,
        max(case when granted.granted_on between funded.start_date and funded.year_on then 1 else 0 end) = 1
            as is_forborne,
        max(case when granted.granted_on > funded.year_on then 1 else 0 end) = 1 as is_forborne_later
    from funded
    inner join granted on funded.loan_id = granted.loan_id
    group by funded.need_id
),

-- a run that goes on after the year counts as far as it had come by then
late as (
    select
        funded.need_id,
        max(least(episode.max_days, date_diff('day', episode.started_on, funded.year_on) + 1)) as max_days
    from funded
    inner join features.loan_overdue_episode as episode
        on funded.loan_id = episode.loan_id and funded.year_on >= episode.started_on
    group by funded.need_id
),

-- the class of the first night from the year's end on is that of the year, and every later night takes it over; where
-- no night came near enough nobody knows it: a later class says nothing of then
classed as (
    select
        funded.need_id,
        case
            when funded.year_on > $business_date then null
            when before.class_12m is not null then before.class_12m
            when date_diff('day', funded.year_on, $business_date) <= setting.class_days then funded.asset_class
        end as class_12m
    from funded
    cross join setting
    left join previous.need_outcome as before
        on funded.need_id = before.need_id and funded.loan_id = before.loan_id
),

told as (
    select
        $business_date as business_date,
        need.need_id,
        need.client_id,
        need.branch_id,
        need.kind as need_kind,
        need.amount as asked_amt,
        need.raised_on,
        offered.offer_id,
        offered.product as offered_product,
        offered.offered_on,
        agreed.accepted_on,
        funded.loan_id,
        funded.start_date as funded_on,
        funded.limit_amt as funded_amt,
        case when funded.year_on <= $business_date then funded.year_on end as year_on,
        case
            when funded.year_on > $business_date then null
            when late.max_days > 0 then late.max_days
            when supplied.has_plan and not coalesce(funded.has_unconfirmed, false) and funded.loan_id is not null then 0
        end as max_days_past_due_12m,
        classed.class_12m,
        case
            when funded.year_on > $business_date then null
            when forborne.is_forborne then true
            when held_back.loan_id is not null then null
            when
                funded.loan_id is not null
                and (
                    supplied.has_register
                    or (mark_column.is_supplied and not coalesce(forborne.is_forborne_later, false))
                )
                then false
        end as is_forborne_12m,
        case
            when need.status in ('lost', 'dropped') then need.status
            when funded.year_on <= $business_date then 'a_year_on'
            when funded.loan_id is not null then 'funded'
            when agreed.accepted_on is not null then 'accepted'
            when offered.offer_id is not null then 'offered'
            -- the need is said to have been offered for, and no offer of a fitting product says when
            when need.status = 'offered' then 'offered_undated'
            else 'open'
        end as state,
        need.closed_on,
        need.lost_reason
    from need
    cross join supplied
    cross join mark_column
    inner join agreed on need.need_id = agreed.need_id
    left join offered on need.need_id = offered.need_id and offered.place = 1
    left join funded on need.need_id = funded.need_id
    left join classed on need.need_id = classed.need_id
    left join late on need.need_id = late.need_id
    left join forborne on need.need_id = forborne.need_id
    left join held_back on funded.loan_id = held_back.loan_id
),

-- arrears, forbearance and class are those of the year
outcome as (
    select
        told.*,
        case
            when told.year_on is null then null
            when told.max_days_past_due_12m > setting.default_days or class.rank >= setting.default_rank then 'default'
            when
                told.max_days_past_due_12m > setting.strained_days
                or class.rank >= setting.strained_rank
                or told.is_forborne_12m
                then 'strained'
            when told.max_days_past_due_12m > 0 then 'late'
            when told.max_days_past_due_12m = 0 and class.rank is not null and not told.is_forborne_12m then 'sound'
            else 'not_assessed'
        end as risk_outcome_12m
    from told
    cross join setting
    left join policy.asset_class as class on told.class_12m = class.asset_class
)

select * from outcome
