-- the contract's own table fx_rate, row by row
select * from fx_rate
