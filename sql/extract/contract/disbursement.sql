-- the contract's own table disbursement, row by row
select * from disbursement
