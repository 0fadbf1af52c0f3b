-- the contract's own table target, row by row
select * from target
