-- one row: the full months that stand for the last 90 days where those cut the months of the festival, which moves
-- between them from year to year; none where the 90 days hold both of them whole, or neither
{% import 'macros/month.sql' as months %}
with
setting as (
    select
        cast(max(case when setting = 'festival_first_month' then value end) as integer) as first_month,
        cast(max(case when setting = 'festival_last_month' then value end) as integer) as last_month
    from policy.signal_setting
),

-- the months of the festival that the 90 days begin in, or end in before they are over
edge as (
    select
        setting.*,
        month($business_date - 89) between setting.first_month and setting.last_month
        and not (month($business_date - 89) = setting.first_month and day($business_date - 89) = 1) as is_cut_before,
        month($business_date) between setting.first_month and setting.last_month
        and not (month($business_date) = setting.last_month and month($morning) <> setting.last_month) as is_cut_after,
        {{ months.number('$morning') }} - 1 as last_full
    from setting
),

-- in them the months before are compared, until they are over
ended as (
    select
        *,
        case when is_cut_after then last_full - greatest(month($morning) - first_month, 0) else last_full end
            as last_number
    from edge
    where is_cut_before or is_cut_after
),

-- three months, and more where they would begin between the two
begun as (
    select
        last_number,
        last_number - 2
        - case
            when (last_number - 3) % 12 + 1 between first_month and last_month
                then (last_number - 3) % 12 + 1 - first_month
            else 0
        end as first_number
    from ended
),

festival_month as (
    select
        cast(first_number as integer) as first_number,
        cast(last_number as integer) as last_number,
        {{ months.first_day_of('cast(first_number as integer)') }} as first_day,
        {{ months.first_day_of('cast(last_number as integer) + 1') }} as end_day,
        {{ months.first_day_of('cast(first_number as integer) - 12') }} as first_day_before,
        {{ months.first_day_of('cast(last_number as integer) - 11') }} as end_day_before
    from begun
)

select * from festival_month
