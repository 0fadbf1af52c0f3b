-- the contract's own table staff, row by row
select * from staff
