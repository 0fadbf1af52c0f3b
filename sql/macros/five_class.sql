{# The rules of the five classes, each written once for more than one world: as the night found it, and as the
   last day of the quarter will find it if nothing, or this much, is paid until then. A world is made of cases: a case
   is one loan (`case_id`, `loan_id`) on one `day`, with its runs of arrears (`episode`: case_id, loan_id, started_on,
   ended_on, max_days). Tonight every loan is one case. #}

{# Two steps, `<event>_repayment` and `<event>_proven`: for each row of the step `event`, by its `key` (case_id and
   another column), the last of so many repayment dates after its column `after`; `periods` is a column of the step
   `rule`. The step `due` has the repayment dates (loan_id, due_on). Fewer dates than that: the last there is. #}
{% macro repayments(event, key, after, periods) -%}
{{ event }}_repayment as (
    select
        {{ event }}.case_id,
        {{ event }}.{{ key }},
        due.due_on,
        row_number() over (partition by {{ event }}.case_id, {{ event }}.{{ key }} order by due.due_on asc) as place
    from {{ event }}
    inner join due on {{ event }}.loan_id = due.loan_id and {{ event }}.{{ after }} < due.due_on
),

{{ event }}_proven as (
    select
        counted.case_id,
        counted.{{ key }},
        max(counted.due_on) as last_period_on
    from {{ event }}_repayment as counted
    inner join rule on counted.place <= rule.{{ periods }}
    group by counted.case_id, counted.{{ key }}
)
{%- endmacro %}

{# Restructured loans: until when each case is observed, and whether restructured again or unpaid in that time. Takes
   the steps `cases` and `episode`; ends with `observation`. #}
{% macro observed(day) -%}
rule as (
    select
        max(case when rule = 'restructured' then observation_days end) as observation_days,
        max(case when rule = 'restructured' then observation_periods end) as observation_periods,
        max(case when rule = 'restructured' then observation_periods end) + 1 as first_and_periods,
        max(case when rule = 'restructured_unpaid' then observation_days end) as restart_days,
        max(case when rule = 'restructured_unpaid' then observation_periods end) as restart_periods
    from policy.five_class_floor
),

-- the loan's own mark and the register of concessions together; a date in both is one concession
marked as (
    select
        loan_id,
        granted_on,
        probation_until
    from staging.forbearance
    union all
    select
        loan_id,
        forborne_on as granted_on,
        cast(null as date) as probation_until
    from features.loan_state
    where status <> 'closed' and forborne_on is not null and forborne_on <= $business_date
),

granted as (
    select
        cases.case_id,
        marked.loan_id,
        marked.granted_on,
        max(marked.probation_until) as probation_until
    from marked
    inner join cases on marked.loan_id = cases.loan_id
    group by cases.case_id, marked.loan_id, marked.granted_on
),

restructured as (
    select distinct loan_id
    from granted
),

due as (
    select distinct
        instalment.loan_id,
        instalment.effective_due_date as due_on
    from features_loan.due as instalment
    inner join restructured on instalment.loan_id = restructured.loan_id
),

{{ repayments('granted', 'granted_on', 'granted_on', 'first_and_periods') }},

first_repayment as (
    select
        case_id,
        granted_on,
        min(due_on) as due_on
    from granted_repayment
    group by case_id, granted_on
),

concession as (
    select
        granted.case_id,
        granted.granted_on,
        coalesce(first_repayment.due_on, granted.granted_on) as observed_from,
        coalesce(
            granted.probation_until,
            greatest(
                coalesce(first_repayment.due_on, granted.granted_on) + rule.observation_days,
                granted_proven.last_period_on
            )
        ) as observed_until
    from granted
    cross join rule
    left join first_repayment
        on granted.case_id = first_repayment.case_id and granted.granted_on = first_repayment.granted_on
    left join granted_proven
        on granted.case_id = granted_proven.case_id and granted.granted_on = granted_proven.granted_on
),

first_concession as (
    select
        case_id,
        min(observed_from) as observed_from
    from concession
    group by case_id
),

-- arrears of before the first repayment date are what the concession was for
unpaid as (
    select
        episode.case_id,
        episode.loan_id,
        episode.started_on,
        coalesce(episode.ended_on, {{ day }}) as ended_on,
        coalesce(episode.ended_on - 1, {{ day }}) as last_day
    from episode
    inner join first_concession on episode.case_id = first_concession.case_id
    where coalesce(episode.ended_on - 1, {{ day }}) > first_concession.observed_from
),

{{ repayments('unpaid', 'started_on', 'ended_on', 'restart_periods') }},

-- it starts again from the missed date, the day before the first one past due, and lasts as long as the arrears do
event as (
    select
        case_id,
        observed_from as counts_from,
        granted_on as began_on,
        observed_until,
        1 as is_concession
    from concession
    union all
    select
        unpaid.case_id,
        unpaid.last_day as counts_from,
        unpaid.started_on as began_on,
        greatest(
            unpaid.started_on - 1 + rule.restart_days, unpaid.ended_on, unpaid_proven.last_period_on
        ) as observed_until,
        0 as is_concession
    from unpaid
    cross join rule
    left join unpaid_proven
        on unpaid.case_id = unpaid_proven.case_id and unpaid.started_on = unpaid_proven.started_on
),

-- each event that falls in the observation of those before it carries the same observation on
followed as (
    select
        *,
        max(observed_until) over (
            partition by case_id
            order by counts_from asc, is_concession asc, began_on asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from event
),

chained as (
    select
        *,
        sum(case when earlier_until is null or began_on > earlier_until then 1 else 0 end) over (
            partition by case_id
            order by counts_from asc, is_concession asc, began_on asc
            rows between unbounded preceding and current row
        ) as chain
    from followed
),

counted as (
    select
        *,
        coalesce(sum(is_concession) over (
            partition by case_id, chain
            order by counts_from asc, is_concession asc, began_on asc
            rows between unbounded preceding and 1 preceding
        ), 0) as concessions_before
    from chained
),

observation as (
    select
        case_id,
        max(observed_until) as observed_until,
        max(case when is_concession = 1 and concessions_before > 0 then 1 else 0 end) = 1 as is_again,
        max(case when is_concession = 0 then 1 else 0 end) = 1 as is_unpaid
    from counted
    where is_concession = 1 or concessions_before > 0
    group by case_id, chain
    having max(counted.observed_until) >= {{ day }}
)
{%- endmacro %}

{# Cases that were bad by their arrears and are not yet proven again: until when they stay so. Takes the step `episode`;
   ends with `recovery`. #}
{% macro recovering(day) -%}
rule as (
    select * from policy.five_class_floor
    where rule = 'recovering'
),

once_bad as (
    select distinct
        episode.case_id,
        episode.loan_id
    from episode
    inner join rule on episode.max_days > rule.passed_value
),

bad_loan as (
    select distinct loan_id
    from once_bad
),

due as (
    select distinct
        instalment.loan_id,
        instalment.effective_due_date as due_on
    from features_loan.due as instalment
    inner join bad_loan on instalment.loan_id = bad_loan.loan_id
),

run as (
    select episode.*
    from episode
    inner join once_bad on episode.case_id = once_bad.case_id
),

{{ repayments('run', 'started_on', 'ended_on', 'observation_periods') }},

-- the first good day is the first day of the observation; the last repayment date is known to be paid the day after it
event as (
    select
        run.case_id,
        run.started_on,
        case when run.max_days > rule.passed_value then 1 else 0 end as is_bad,
        case
            when run.ended_on is null then date '9999-12-31'
            else greatest(run.ended_on + rule.observation_days - 1, run_proven.last_period_on)
        end as held_until
    from run
    cross join rule
    left join run_proven on run.case_id = run_proven.case_id and run.started_on = run_proven.started_on
),

-- arrears within the observation of those before them carry it on
followed as (
    select
        *,
        max(held_until) over (
            partition by case_id order by started_on asc rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from event
),

chained as (
    select
        *,
        sum(case when earlier_until is null or started_on > earlier_until then 1 else 0 end) over (
            partition by case_id order by started_on asc rows between unbounded preceding and current row
        ) as chain
    from followed
),

counted as (
    select
        *,
        sum(is_bad) over (
            partition by case_id, chain order by started_on asc rows between unbounded preceding and current row
        ) as bad_so_far
    from chained
),

recovery as (
    select
        case_id,
        max(held_until) as held_until
    from counted
    where bad_so_far > 0
    group by case_id, chain
    having max(counted.held_until) >= {{ day }}
)
{%- endmacro %}

{# The steps that the two macros below read: classes, rules with their ranks, and clients. #}
{% macro classes() -%}
class as (
    select * from policy.asset_class
),

rule as (
    select
        five_class_floor.rule,
        five_class_floor.passed_value,
        five_class_floor.is_non_retail_only,
        class.rank
    from policy.five_class_floor
    inner join class on five_class_floor.asset_class = class.asset_class
),

client as (
    select * from staging.client
)
{%- endmacro %}

{# What each case is by its own merits. Takes the steps `loan` (a case a row, as features.loan_state has it),
   `observation` and `recovery`, and those of `classes`; ends with `own`, several reasons a case. #}
{% macro own_reasons() -%}
bureau_month as (
    select
        *,
        row_number() over (partition by client_id order by month desc) as place
    from staging.bureau
),

elsewhere as (
    select
        client_id,
        cast(100 * overdue_90_amt / nullif(total_debt_amt, 0) as decimal(18, 4)) as bad_pct
    from bureau_month
    where place = 1
),

-- a class that the bank books can only be worse than what the arrears say; that it is normal is no finding of arrears
own as (
    select
        loan.case_id,
        'asset_class' as reason,
        class.rank
    from loan
    inner join class on loan.asset_class = class.asset_class and class.rank > 0
    union all
    select
        loan.case_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join rule
        on
            rule.rule in ('overdue', 'overdue_90', 'overdue_270', 'overdue_360')
            and loan.days_past_due > rule.passed_value
    union all
    select
        loan.case_id,
        'not_overdue' as reason,
        0 as rank
    from loan
    where loan.is_assessed and loan.days_past_due = 0
    union all
    select
        loan.case_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join rule on rule.rule = 'written_off'
    where loan.status = 'written_off'
    union all
    select
        observation.case_id,
        rule.rule as reason,
        rule.rank
    from observation
    inner join rule
        on
            rule.rule = 'restructured'
            or (rule.rule = 'restructured_again' and observation.is_again)
            or (rule.rule = 'restructured_unpaid' and observation.is_unpaid)
    union all
    select
        recovery.case_id,
        rule.rule as reason,
        rule.rank
    from recovery
    inner join rule on rule.rule = 'recovering'
    union all
    select
        loan.case_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join client on loan.client_id = client.client_id
    inner join elsewhere on loan.client_id = elsewhere.client_id
    inner join rule
        on
            rule.rule in ('bad_elsewhere', 'bad_elsewhere_20')
            and elsewhere.bad_pct > rule.passed_value
            and not (rule.is_non_retail_only and client.is_natural_person)
)
{%- endmacro %}

{# What the debtor's loans make of each other, and of all reasons the worst. Takes the steps `loan` and `own`, one case
   a loan, and those of `classes`; ends with `worst_first` (place 1: the reason that counts) and `debtor`. #}
{% macro worst_reasons() -%}
renewal as (
    select * from policy.renewal
),

-- a loan of the client that is late: who has one renews nothing that qualifies
late as (
    select distinct client_id
    from loan
    where days_past_due > 0
),

-- a renewal that qualifies is no repayment by new borrowing; what it repays is due with its own date, or when it began
refinanced as (
    select loan.case_id
    from loan
    inner join client on loan.client_id = client.client_id
    left join features.loan_state as repaid on loan.refinances_loan_id = repaid.loan_id
    left join late on loan.client_id = late.client_id
    left join renewal
        on
            client.segment = renewal.segment
            and client.is_active
            and late.client_id is null
            and coalesce(coalesce(repaid.maturity_date, loan.start_date) < renewal.due_before, true)
    where loan.refinances_loan_id is not null and renewal.segment is null
),

merit as (
    select
        own.case_id,
        own.reason,
        own.rank
    from own
    inner join loan on own.case_id = loan.case_id
    union all
    select
        refinanced.case_id,
        rule.rule as reason,
        rule.rank
    from refinanced
    inner join rule on rule.rule = 'refinanced'
),

own_rank as (
    select
        case_id,
        max(rank) as rank
    from merit
    group by case_id
),

bad_from as (
    select min(rank) as rank
    from class
    where is_bad
),

-- the share of the debtor's exposure here that is bad by each loan's own merits
debtor as (
    select
        loan.client_id,
        cast(
            100 * sum(case when own_rank.rank >= bad_from.rank then loan.ead_amt else 0 end)
            / nullif(sum(loan.ead_amt), 0) as decimal(18, 4)
        ) as bad_pct
    from loan
    cross join bad_from
    left join own_rank on loan.case_id = own_rank.case_id
    group by loan.client_id
),

contagion as (
    select
        loan.case_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join client on loan.client_id = client.client_id
    inner join debtor on loan.client_id = debtor.client_id
    inner join rule
        on
            rule.rule in ('bad_here', 'contagion')
            and debtor.bad_pct > rule.passed_value
            and not (rule.is_non_retail_only and client.is_natural_person)
),

reason as (
    select * from merit
    union all
    select * from contagion
),

-- of reasons for the same class, a rule says more than the class that the source gives
worst_first as (
    select
        case_id,
        reason,
        rank,
        row_number() over (
            partition by case_id
            order by
                rank desc,
                case when reason = 'asset_class' then 2 when reason in ('contagion', 'bad_here') then 1 else 0 end asc,
                reason asc
        ) as place
    from reason
)
{%- endmacro %}
