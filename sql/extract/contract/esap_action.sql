-- the contract's own table esap_action, row by row
select * from esap_action
