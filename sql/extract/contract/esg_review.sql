-- the contract's own table esg_review, row by row
select * from esg_review
