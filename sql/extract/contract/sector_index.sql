-- the contract's own table sector_index, row by row
select * from sector_index
