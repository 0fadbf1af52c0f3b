-- the contract's own table need, row by row
select * from need
