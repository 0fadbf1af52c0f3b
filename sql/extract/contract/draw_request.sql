-- the contract's own table draw_request, row by row
select * from draw_request
