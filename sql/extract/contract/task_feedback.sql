-- the contract's own table task_feedback, row by row
select * from task_feedback
