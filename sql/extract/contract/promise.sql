-- the contract's own table promise, row by row
select * from promise
