-- the contract's own table payment, row by row
select * from payment
