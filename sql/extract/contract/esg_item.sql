-- the contract's own table esg_item, row by row
select * from esg_item
