-- the contract's own table client_emission, row by row
select * from client_emission
