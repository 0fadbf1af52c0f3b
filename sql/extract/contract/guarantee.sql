-- the contract's own table guarantee, row by row
select * from guarantee
