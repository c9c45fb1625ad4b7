SET ROLE vinculum_owner;
DROP TABLE exchange.outgoing CASCADE;
RESET ROLE;
