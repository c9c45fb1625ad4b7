SET ROLE vinculum_owner;
DROP TABLE exchange.data_change_approval, exchange.data_change;
DROP FUNCTION exchange.speaks_for_one_of(text[]);
RESET ROLE;
