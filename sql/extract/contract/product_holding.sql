-- the contract's own table product_holding, row by row
select * from product_holding
