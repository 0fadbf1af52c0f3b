-- one row per active client and question of its brief: each made of a fact, the most pressing first
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        max(case when setting = 'brief_questions' then value end) as questions,
        max(case when setting = 'brief_maturity_days' then value end) as maturity_days,
        max(case when setting = 'brief_report_days' then value end) as report_days
    from policy.task_setting
),

client as (
    select client_id
    from staging.client
    where is_active
),

-- what a signal is asked about by: the question of its own indicator, else that of its family
coded as (
    select
        signal.client_id,
        signal.indicator,
        signal.severity,
        signal.first_seen,
        signal.reason_zh,
        signal.reason_en,
        coalesce(own.code, signal.family) as code
    from warnings.signal as signal
    left join policy.brief_question as own on own.topic = 'signal' and signal.indicator = own.code
    where signal.audience = 'branch'
),

-- of a code the gravest signal, of those the oldest
signal as (
    select
        client_id,
        code,
        reason_zh,
        reason_en,
        row_number() over (
            partition by client_id, code
            order by
                case severity when 'red' then 0 when 'amber' then 1 else 2 end asc,
                first_seen asc,
                indicator asc
        ) as place
    from coded
),

promise as (
    select
        client_id,
        min(due_on) as due_on
    from tasks.promise_state
    where state in ('late', 'broken')
    group by client_id
),

maturity as (
    select
        client_id,
        loan_id,
        maturity_date,
        outstanding_amt,
        row_number() over (partition by client_id order by maturity_date asc, loan_id asc) as place
    from features.loan_state
    cross join setting
    where
        status = 'active'
        and outstanding_amt > 0
        and date_diff('day', $morning, maturity_date) between 0 and setting.maturity_days
),

need as (
    select
        client_id,
        kind,
        raised_on,
        row_number() over (partition by client_id order by raised_on asc, need_id asc) as place
    from staging.need
    where is_open
),

report as (
    select
        client_id,
        kind,
        due_on,
        row_number() over (partition by client_id order by due_on asc, kind asc) as place
    from staging.report_due
    cross join setting
    where
        received_on is null
        and not coalesce(is_receipt_unknown, false)
        and date_diff('day', $morning, due_on) <= setting.report_days
),

fact as (
    select
        client_id,
        'signal' as topic,
        code,
        reason_zh as fact_zh,
        reason_en as fact_en,
        cast(null as varchar) as subject,
        cast(null as date) as on_day,
        cast(null as decimal(18, 2)) as amount_amt
    from signal
    where place = 1
    union all
    select
        client_id,
        'promise' as topic,
        'late' as code,
        cast(null as varchar) as fact_zh,
        cast(null as varchar) as fact_en,
        cast(null as varchar) as subject,
        due_on as on_day,
        cast(null as decimal(18, 2)) as amount_amt
    from promise
    union all
    select
        client_id,
        'maturity' as topic,
        'loan' as code,
        cast(null as varchar) as fact_zh,
        cast(null as varchar) as fact_en,
        loan_id as subject,
        maturity_date as on_day,
        outstanding_amt as amount_amt
    from maturity
    where place = 1
    union all
    select
        client_id,
        'need' as topic,
        'open' as code,
        cast(null as varchar) as fact_zh,
        cast(null as varchar) as fact_en,
        kind as subject,
        raised_on as on_day,
        cast(null as decimal(18, 2)) as amount_amt
    from need
    where place = 1
    union all
    select
        client_id,
        'report' as topic,
        'due' as code,
        cast(null as varchar) as fact_zh,
        cast(null as varchar) as fact_en,
        kind as subject,
        due_on as on_day,
        cast(null as decimal(18, 2)) as amount_amt
    from report
    where place = 1
    union all
    select
        client_id,
        'always' as topic,
        'always' as code,
        cast(null as varchar) as fact_zh,
        cast(null as varchar) as fact_en,
        cast(null as varchar) as subject,
        cast(null as date) as on_day,
        cast(null as decimal(18, 2)) as amount_amt
    from client
),

placed as (
    select
        fact.*,
        question.question,
        row_number() over (
            partition by fact.client_id order by question.priority asc, question.question asc
        ) as place
    from fact
    inner join policy.brief_question as question on fact.topic = question.topic and fact.code = question.code
),

worded as (
    select
        placed.client_id,
        placed.question,
        placed.place,
        words.words_zh,
        words.words_en,
        words.fact_zh,
        words.fact_en,
        {{ words.figures({
            'fact_zh': 'placed.fact_zh',
            'fact_en': 'placed.fact_en',
            'subject': 'placed.subject',
            'date': 'placed.on_day',
            'amount': 'placed.amount_amt',
        }) }} as figures
    from placed
    cross join setting
    inner join policy.brief_question_text as words on placed.question = words.question
    where placed.place <= setting.questions
)

select * from worded
