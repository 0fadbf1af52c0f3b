-- the contract's own table instalment, row by row
select * from instalment
