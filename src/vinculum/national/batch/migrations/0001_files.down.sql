SET ROLE vinculum_owner;
DROP SCHEMA staging CASCADE;
DROP TABLE exchange.batch_message, exchange.batch_progress, exchange.batch_file;
RESET ROLE;
