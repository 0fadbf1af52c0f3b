-- the contract's own table training, row by row
select * from training
