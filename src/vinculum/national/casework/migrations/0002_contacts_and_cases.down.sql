SET ROLE vinculum_owner;
DROP TABLE exchange.case_event, exchange.discrepancy_case, exchange.contact;
DROP INDEX exchange.message_inbox_by_time;
DROP FUNCTION exchange.is_help_desk(), exchange.speaks_for(text);
RESET ROLE;
