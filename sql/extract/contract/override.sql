-- the contract's own table override, row by row
select * from "override"
