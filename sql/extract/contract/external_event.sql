-- the contract's own table external_event, row by row
select * from external_event
