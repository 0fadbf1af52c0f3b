-- the contract's own table loan_daily, row by row
select * from loan_daily
