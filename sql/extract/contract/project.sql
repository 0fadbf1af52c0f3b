-- the contract's own table project, row by row
select * from project
