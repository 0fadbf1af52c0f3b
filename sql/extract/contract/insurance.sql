-- the contract's own table insurance, row by row
select * from insurance
