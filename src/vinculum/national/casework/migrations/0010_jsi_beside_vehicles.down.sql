SET ROLE vinculum_owner;
DROP TRIGGER jsi_report_lies_beside_the_vehicle ON exchange.jsi_report;
DROP FUNCTION exchange.put_report_beside_vehicle();
DROP TABLE exchange.jsi_record;
RESET ROLE;
