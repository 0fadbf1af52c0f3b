-- the contract's own table control_total, row by row
select * from control_total
