-- one row per branch and lead that it is asked to win: the largest suppliers and customers of its clients that bank
-- elsewhere, and no more at a time than policy says
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        max(case when setting = 'lead_task_count' then value end) as task_count,
        max(case when setting = 'lead_task_certainty_pct' then value end) as certainty_pct
    from policy.ecosystem_setting
),

-- the client that it was told of goes on being asked, whoever deals with it most meanwhile; one that left, or that
-- another branch looks after now, is asked no more: the lead is new again
standing as (
    select
        task.branch_id,
        task.subject as party_id,
        min(task.client_id) as client_id,
        min(task.started_on) as started_on,
        max(case when task.status in ('open', 'acknowledged') then 1 else 0 end) as open_count
    from previous.task as task
    inner join staging.client as client
        on task.client_id = client.client_id and task.branch_id = client.branch_id and client.is_active
    where task.kind = 'lead'
    group by task.branch_id, task.subject
),

lead as (
    select
        lead.branch_id,
        lead.party_id,
        lead.place,
        lead.role,
        lead.bank,
        lead.client_count,
        lead.certainty_pct,
        -- who has no name is known by its key, one without an id by the name that the key is made of
        coalesce(
            lead.name,
            case when lead.party_id like 'name:%' then substr(lead.party_id, 6) else lead.party_id end
        ) as name,
        lead.paid_12m_amt + lead.received_12m_amt as dealt_amt,
        coalesce(standing.client_id, lead.client_id) as client_id,
        coalesce(standing.client_id <> lead.client_id, false) as is_other_most,
        standing.started_on,
        coalesce(standing.open_count, 0) as open_count
    from care.lead as lead
    cross join setting
    left join standing on lead.branch_id = standing.branch_id and lead.party_id = standing.party_id
    where lead.certainty_pct >= setting.certainty_pct
),

asked as (
    select
        branch_id,
        sum(open_count) as open_count
    from lead
    group by branch_id
),

ranked as (
    select
        lead.*,
        asked.open_count as asked_count,
        row_number() over (
            partition by lead.branch_id
            order by case when lead.started_on is null then 0 else 1 end, lead.place, lead.party_id
        ) as new_place
    from lead
    inner join asked on lead.branch_id = asked.branch_id
),

-- one that is answered makes room for the next
concerned as (
    select
        ranked.*,
        coalesce(ranked.started_on, cast($business_date as date)) as begun_on
    from ranked
    cross join setting
    where ranked.started_on is not null or ranked.new_place <= setting.task_count - ranked.asked_count
),

listed as (
    select
        concerned.client_id,
        'lead' as kind,
        concerned.party_id as subject,
        concerned.begun_on as started_on,
        concerned.begun_on as clock_from,
        special_contact.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'role': 'concerned.role',
            'name': 'concerned.name',
            'bank': 'concerned.bank',
            'clients': 'concerned.client_count',
            'dealt': 'concerned.dealt_amt',
            'certainty': 'concerned.certainty_pct',
        }) }} as figures
    from concerned
    inner join policy.special_contact as special_contact on special_contact.event = 'lead'
    inner join policy.task_text as task_text
        on
            task_text.text
            = case when concerned.is_other_most then 'lead_by_another' else 'lead' end
            || case when concerned.bank is null then '_bank_unknown' else '' end
)

select * from listed
