-- the contract's own table account, row by row
select * from account
