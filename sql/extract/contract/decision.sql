select * from decision
