SET ROLE vinculum_owner;
DROP TABLE exchange.title_reassignment;
RESET ROLE;
