-- one row per member of staff who is away on the morning, with who stands in: of several absences the longest speaks
with
absence as (
    select
        staff_id,
        from_on,
        to_on,
        case when deputy_id <> staff_id then deputy_id end as deputy_id
    from source.absence
    where from_on <= $morning and to_on >= $morning
),

placed as (
    select
        absence.*,
        row_number() over (
            partition by staff_id
            order by case when deputy_id is null then 1 else 0 end asc, to_on desc, from_on asc, deputy_id asc
        ) as place
    from absence
),

away as (
    select
        staff_id,
        to_on,
        deputy_id
    from placed
    where place = 1
)

select * from away
