-- the contract's own table txn, row by row
select * from txn
