-- the contract's own table check_point, row by row
select * from check_point
