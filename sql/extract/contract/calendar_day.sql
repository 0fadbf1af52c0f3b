-- the contract's own table calendar_day, row by row
select * from calendar_day
