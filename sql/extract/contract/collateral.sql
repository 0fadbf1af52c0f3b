-- the contract's own table collateral, row by row
select * from collateral
