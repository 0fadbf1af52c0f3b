-- the contract's own table esg_condition, row by row
select * from esg_condition
