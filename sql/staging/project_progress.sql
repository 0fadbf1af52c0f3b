-- one row per project and progress report dated up to the business date
with
project_progress as (
    select * from source.project_progress
    where as_of_date <= $business_date
)

select * from project_progress
