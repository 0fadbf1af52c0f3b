-- the contract's own table covenant_test, row by row
select * from covenant_test
