-- the contract's own table offbalance, row by row
select * from offbalance
