-- the contract's own table check_report, row by row
select * from check_report
