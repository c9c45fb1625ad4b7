SET ROLE vinculum_owner;
DROP FUNCTION exchange.seen_at_desks(text, uuid);
DROP TABLE exchange.vin_verification, exchange.vin_correction;
RESET ROLE;
