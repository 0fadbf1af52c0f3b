-- the contract's own table client_team, row by row
select * from client_team
