SET ROLE vinculum_owner;
DROP TABLE exchange.missing_stock;
DROP TABLE exchange.undercover;
RESET ROLE;
