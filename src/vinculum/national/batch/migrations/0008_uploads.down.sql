SET ROLE vinculum_owner;
DROP TABLE exchange.batch_upload;
RESET ROLE;
