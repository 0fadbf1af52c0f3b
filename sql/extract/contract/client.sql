-- the contract's own table client, row by row
select * from client
