-- the contract's own table permit, row by row
select * from permit
