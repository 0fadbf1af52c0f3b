-- one row per signal that a branch may read: what its list and its projects' pages tell beside tasks
with
signal as (
    select * from warnings.signal
    where audience = 'branch'
)

select * from signal
