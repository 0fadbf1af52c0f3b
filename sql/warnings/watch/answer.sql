-- one row per client whose proposal of the night before is answered: the newest decision since it was made
-- An entry that stands since nobody answered in time may be answered late: risk's word counts whenever it comes.
with
proposal as (
    select
        client_id,
        proposed_on
    from previous.watch
    where decision in ('pending', 'stands')
),

decision as (
    select * from warnings.decision
    where subject = 'watch' and refused_because is null
),

answered as (
    select
        proposal.client_id,
        decision.decision_id,
        decision.decided_on,
        decision.verdict = 'reject' as is_rejected,
        row_number() over (
            partition by proposal.client_id
            order by decision.decided_at desc, decision.decision_id desc
        ) as place
    from proposal
    inner join decision on proposal.client_id = decision.subject_key and proposal.proposed_on <= decision.decided_on
)

select
    client_id,
    decision_id,
    decided_on,
    is_rejected
from answered
where place = 1
