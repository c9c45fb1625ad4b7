SET ROLE vinculum_owner;
DROP TABLE exchange.jsi_month, exchange.jsi_source, exchange.jsi_report, exchange.reporter, exchange.reporting_duty;
RESET ROLE;
