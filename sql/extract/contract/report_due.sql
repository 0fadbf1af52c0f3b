-- the contract's own table report_due, row by row
select * from report_due
