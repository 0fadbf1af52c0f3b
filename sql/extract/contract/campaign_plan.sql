-- the contract's own table campaign_plan, row by row
select * from campaign_plan
