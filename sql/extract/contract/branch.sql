-- the contract's own table branch, row by row
select * from branch
