SET ROLE vinculum_owner;
DROP TABLE exchange.brand_rescission;
RESET ROLE;
