SET ROLE vinculum_owner;
DROP TABLE exchange.alert_opening, exchange.alert_file, exchange.alert_number, exchange.alert_vin, exchange.alert,
    exchange.alert_user, exchange.alert_place CASCADE;
DROP FUNCTION exchange.alerts_that_say(text), exchange.end_alert_user(uuid, text, text, timestamptz),
    exchange.decide_alert_user(uuid, text, boolean, text, timestamptz), exchange.administers_alerts(),
    exchange.uses_alerts();
RESET ROLE;
