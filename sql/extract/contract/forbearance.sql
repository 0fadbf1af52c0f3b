-- the contract's own table forbearance, row by row
select * from forbearance
