-- the contract's own table project_progress, row by row
select * from project_progress
