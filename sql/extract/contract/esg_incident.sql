-- the contract's own table esg_incident, row by row
select * from esg_incident
