-- the contract's own table client_link, row by row
select * from client_link
