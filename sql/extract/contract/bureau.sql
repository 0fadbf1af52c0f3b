-- the contract's own table bureau, row by row
select * from bureau
