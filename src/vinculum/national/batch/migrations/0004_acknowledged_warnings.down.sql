SET ROLE vinculum_owner;
DROP TABLE exchange.acknowledged_warning;
RESET ROLE;
