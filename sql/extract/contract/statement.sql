-- the contract's own table statement, row by row
select * from statement
