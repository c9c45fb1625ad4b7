SET ROLE vinculum_owner;
ALTER TABLE exchange.batch_file DROP COLUMN bytes_missing_since;
RESET ROLE;
