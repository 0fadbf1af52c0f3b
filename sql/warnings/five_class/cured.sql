-- one row per open loan: the least class that it can have on the day of the forecast if each loan of its debtor is
-- paid as its cure says (warnings_five_class.cure)
{% import 'macros/five_class.sql' as five_class %}
with
loan as (
    select loan_ahead.*
    from warnings_five_class.loan_ahead as loan_ahead
    left join warnings_five_class.cure as cure on loan_ahead.loan_id = cure.loan_id
    where loan_ahead.case_id = coalesce(cure.case_id, loan_ahead.loan_id)
),

own as (
    select * from warnings_five_class.own_ahead
),

{{ five_class.classes() }},

{{ five_class.worst_reasons() }},

cured as (
    select
        loan.loan_id,
        worst_first.rank
    from loan
    left join worst_first on loan.case_id = worst_first.case_id and worst_first.place = 1
)

select * from cured
