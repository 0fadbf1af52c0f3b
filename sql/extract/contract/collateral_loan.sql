-- the contract's own table collateral_loan, row by row
select * from collateral_loan
