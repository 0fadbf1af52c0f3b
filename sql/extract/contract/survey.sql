-- the contract's own table survey, row by row
select * from survey
