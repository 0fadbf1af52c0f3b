-- the contract's own table offer, row by row
select * from offer
