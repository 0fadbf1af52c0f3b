-- the contract's own table emission, row by row
select * from emission
