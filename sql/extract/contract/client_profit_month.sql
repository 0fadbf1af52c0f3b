-- the contract's own table client_profit_month, row by row
select * from client_profit_month
