SET ROLE vinculum_owner;
DROP TABLE exchange.evidence_look_up, exchange.evidence_file;
DROP FUNCTION exchange.sees_case(text, text, uuid);
RESET ROLE;
