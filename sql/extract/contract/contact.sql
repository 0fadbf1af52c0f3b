-- the contract's own table contact, row by row
select * from contact
