-- one row per certificate that the role of somebody needs and that ends soon, has ended or is not there
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
due as (
    select
        'staff:' || staff_id as client_id,
        course,
        state,
        expires_on,
        days_left,
        notice_days
    from tasks.certificate
    where state in ('expiring', 'expired', 'missing')
),

-- one that is not there is one task for as long as it is not
standing as (
    select
        client_id,
        subject,
        min(started_on) as started_on
    from previous.task
    where kind = 'certificate'
    group by client_id, subject
),

begun as (
    select
        due.*,
        cast(
            coalesce(due.expires_on - due.notice_days, standing.started_on, $business_date) as date
        ) as started_on
    from due
    left join standing on due.client_id = standing.client_id and due.course = standing.subject
),

listed as (
    select
        begun.client_id,
        'certificate' as kind,
        begun.course as subject,
        begun.started_on,
        case when begun.expires_on is null then begun.started_on end as clock_from,
        special_contact.sla_days,
        begun.expires_on as due_on,
        begun.state <> 'missing' as is_deadline,
        {{ candidate.lacking('clock_from', 'sla_days', 'due_on', 'is_deadline', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'course_zh': 'course_text.name_zh',
            'course_en': 'course_text.name_en',
            'date': 'begun.expires_on',
            'days': 'begun.days_left',
        }) }} as figures
    from begun
    inner join policy.certificate_text as course_text on begun.course = course_text.course
    inner join policy.special_contact as special_contact on special_contact.event = 'certificate'
    inner join policy.task_text as task_text on 'certificate_' || begun.state = task_text.text
)

select * from listed
