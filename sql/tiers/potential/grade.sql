-- one row per relationship whose leader has an internal grade, while a month is due: its rank now and a year ago
with
due as (
    select cast(count(*) as integer) as months
    from tiers_evaluation.due_month
),

-- the rank of each of the last thirteen months judged, one character each, the newest last; '-' where it was not known
ranked as (
    select
        member.group_key,
        member.client_id,
        grade.rank,
        grade.is_investment_grade,
        right(
            coalesce(standing.grade_ranks, '')
            || repeat(coalesce(cast(grade.rank as varchar), '-'), due.months),
            13
        ) as grade_ranks
    from tiers_group.member as member
    inner join staging.client as client on member.client_id = client.client_id
    cross join due
    left join policy.internal_grade as grade on client.internal_grade = grade.grade
    left join previous.client_potential as standing on member.client_id = standing.client_id
    where member.carrier_client_id = member.client_id and due.months > 0
),

compared as (
    select
        group_key,
        rank as grade_rank,
        is_investment_grade,
        grade_ranks,
        case
            when length(grade_ranks) = 13 and substr(grade_ranks, 1, 1) <> '-'
                then cast(substr(grade_ranks, 1, 1) as integer)
        end as grade_year_ago_rank
    from ranked
)

select * from compared
