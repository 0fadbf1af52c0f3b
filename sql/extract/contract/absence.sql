-- the contract's own table absence, row by row
select * from absence
