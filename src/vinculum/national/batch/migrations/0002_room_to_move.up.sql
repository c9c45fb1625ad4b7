-- A pointer that moves stays on its page when there is room, and its index need not be touched.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
ALTER TABLE exchange.pointer SET (fillfactor = 85);
RESET ROLE;
