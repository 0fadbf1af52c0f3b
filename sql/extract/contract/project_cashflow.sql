-- the contract's own table project_cashflow, row by row
select * from project_cashflow
