-- the contract's own table observation, row by row
select * from observation
