-- one row per announced draw and item of its gate: pass, fail, not assessed, or waived by people until a day
with
request as (
    select * from care_draw.request
),

gathered as (
    {% for gate in gates %}
    select
        request_id,
        item,
        is_assessed,
        is_met,
        cast(value as decimal(38, 4)) as value,
        cast(limit_value as decimal(38, 4)) as limit_value,
        source_keys
    from care_gate.{{ gate }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- no bank says when a draw was asked for: it is known since the first night that saw it
known as (
    select
        request_id,
        min(first_seen) as first_seen
    from previous.draw_gate
    group by request_id
),

-- an item that failed and cannot be judged since has not been mended by that
failing as (
    select
        request_id,
        item,
        coalesce(failing_since, first_seen) as failing_since
    from previous.draw_gate
    where verdict = 'fail' or failing_since is not null
),

-- a waiver is a decision about this draw, or about one item of it, that two people took and that still holds on the day
decision as (
    select
        subject_key,
        decision_id,
        until,
        verdict,
        row_number() over (partition by subject_key order by decided_at desc, decision_id desc) as place
    from warnings.decision
    where subject = 'draw' and refused_because is null
),

waiver as (
    select
        subject_key,
        decision_id,
        until
    from decision
    where place = 1 and verdict = 'approve'
),

judged as (
    select
        $business_date as business_date,
        gathered.request_id,
        request.loan_id,
        request.client_id,
        request.branch_id,
        request.project_id,
        request.wanted_on,
        request.amount_amt,
        gathered.item,
        names.name_zh as item_zh,
        names.name_en as item_en,
        case
            when gathered.is_assessed and gathered.is_met then 'pass'
            when waiver.decision_id is not null then 'waived'
            when not gathered.is_assessed or gathered.is_met is null then 'not_assessed'
            else 'fail'
        end as verdict,
        gathered.value,
        gathered.limit_value,
        gate.reason as rule,
        gathered.source_keys as evidence,
        waiver.decision_id as waived_by,
        waiver.until as waived_until,
        coalesce(known.first_seen, $business_date) as first_seen,
        failing.failing_since as failed_since
    from gathered
    inner join request on gathered.request_id = request.request_id
    left join known on gathered.request_id = known.request_id
    left join failing on gathered.request_id = failing.request_id and gathered.item = failing.item
    left join policy.draw_gate as gate on gathered.item = gate.item
    left join policy.draw_gate_text as names on gathered.item = names.item
    left join waiver
        on
            gathered.request_id || ':' || gathered.item = waiver.subject_key
            and coalesce(request.wanted_on <= waiver.until, true)
),

told as (
    select
        business_date,
        request_id,
        loan_id,
        client_id,
        branch_id,
        project_id,
        wanted_on,
        amount_amt,
        item,
        item_zh,
        item_en,
        verdict,
        value,
        limit_value,
        rule,
        evidence,
        waived_by,
        waived_until,
        first_seen,
        case verdict
            when 'fail' then coalesce(failed_since, business_date)
            when 'not_assessed' then failed_since
        end as failing_since
    from judged
)

select * from told
