SET ROLE vinculum_owner;
DROP TRIGGER batch_file_is_audited ON exchange.batch_file;
DROP INDEX exchange.batch_file_newest;
DROP TABLE exchange.batch_code_count;
RESET ROLE;
