-- the contract's own table loan, row by row
select * from loan
