-- the contract's own table account_covenant, row by row
select * from account_covenant
