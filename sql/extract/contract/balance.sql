-- the contract's own table balance, row by row
select * from balance
