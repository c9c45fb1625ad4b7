SET ROLE vinculum_owner;
DROP TABLE exchange.surrender_line, exchange.surrender_report, exchange.notice_file;
DROP INDEX exchange.notice_of_a_month;
DROP INDEX exchange.notice_of_a_file;
ALTER TABLE exchange.notice DROP COLUMN filed_in;
RESET ROLE;
