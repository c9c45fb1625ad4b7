-- Since when the bytes of a waiting file are missing from the spool: how long they are waited for is reckoned from here.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
ALTER TABLE exchange.batch_file ADD bytes_missing_since timestamptz;
RESET ROLE;
