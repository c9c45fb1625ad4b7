SET ROLE vinculum_owner;
DROP INDEX exchange.title_history_by_time, exchange.brand_history_by_time, exchange.brand_withdrawal_by_time,
    exchange.jsi_report_by_time;
DROP TABLE exchange.finding_event, exchange.finding, exchange.finding_scan, exchange.look_alike_key,
    exchange.title_number_use;
DROP FUNCTION exchange.may_know(text), exchange.investigates(text[]), exchange.scans();
RESET ROLE;
