-- one row per client with a loan that is booked in a better five-class category than the rules allow: the worst, and
{% import 'macros/candidate.sql' as candidate %}
-- how many there are
{% import 'macros/words.sql' as words %}
with
class as (
    select * from policy.asset_class
),

drifting as (
    select
        loan_class.client_id,
        loan_class.loan_id,
        loan_class.booked_class,
        loan_class.floor_class,
        loan_class.floor_rule,
        least_class.rank - booked.rank as steps,
        least_class.rank
    from warnings.loan_class as loan_class
    inner join class as booked on loan_class.booked_class = booked.asset_class
    inner join class as least_class on loan_class.floor_class = least_class.asset_class
    where least_class.rank > booked.rank
),

worst_first as (
    select
        drifting.*,
        row_number() over (partition by client_id order by rank desc, steps desc, loan_id asc) as place,
        count(*) over (partition by client_id) as loans
    from drifting
),

-- it is one task as long as that loan is the worst
standing as (
    select
        client_id,
        subject,
        min(started_on) as started_on
    from previous.task
    where kind = 'class_drift'
    group by client_id, subject
),

begun as (
    select
        worst_first.*,
        loan_state.project_id,
        five_class_floor.passed_value,
        coalesce(standing.started_on, $business_date) as started_on,
        case when worst_first.loans > 1 then 'class_drift_several' else 'class_drift' end as text
    from worst_first
    inner join features.loan_state as loan_state on worst_first.loan_id = loan_state.loan_id
    inner join policy.five_class_floor as five_class_floor on worst_first.floor_rule = five_class_floor.rule
    left join standing on worst_first.client_id = standing.client_id and worst_first.loan_id = standing.subject
    where worst_first.place = 1
),

listed as (
    select
        begun.client_id,
        'class_drift' as kind,
        begun.loan_id as subject,
        begun.started_on,
        begun.started_on as clock_from,
        special_contact.sla_days,
        begun.loan_id,
        begun.project_id,
        {{ candidate.lacking('clock_from', 'sla_days', 'loan_id', 'project_id', 'figures') }},
        task_text.reason_zh || rule_text.name_zh as reason_zh,
        task_text.reason_en || ' ' || rule_text.name_en as reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'loan': 'begun.loan_id',
            'loans': 'begun.loans',
            'booked': 'begun.booked_class',
            'floor': 'begun.floor_class',
            'passed': 'begun.passed_value',
        }) }} as figures
    from begun
    inner join policy.five_class_floor_text as rule_text on begun.floor_rule = rule_text.rule
    inner join policy.special_contact as special_contact on special_contact.event = 'class_drift'
    inner join policy.task_text as task_text on begun.text = task_text.text
)

select * from listed
