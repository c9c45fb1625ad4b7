SET ROLE vinculum_owner;
ALTER TABLE exchange.pointer RESET (fillfactor);
RESET ROLE;
