SET ROLE vinculum_owner;
DROP FUNCTION exchange.lock_pointers(text[]);
DROP TABLE exchange.batch_answer;
RESET ROLE;
