SET ROLE vinculum_owner;
DROP FUNCTION exchange.apply_clone_undo(text, uuid, timestamptz, text, jsonb);
DROP FUNCTION exchange.clone_digest(text, text);
DROP FUNCTION exchange.record_digest(text);
DROP TABLE exchange.clone_item, exchange.clone_case;
RESET ROLE;
