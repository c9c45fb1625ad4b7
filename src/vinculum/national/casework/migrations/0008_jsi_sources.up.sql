-- From whom a vehicle was obtained is shown to the help desk only against a purpose record about that vehicle, which was
-- committed before (log first, durably, then show). The association may name these purposes at the exchange.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
INSERT INTO access.purpose VALUES
    ('vehicle_safety_and_theft', 'association', '18 U.S.C. 2721(b)(2)'),
    ('legal_proceeding', 'association', '18 U.S.C. 2721(b)(4)');
DROP POLICY jsi_source_of_ones_own ON exchange.jsi_source;
CREATE POLICY jsi_source_of_ones_own ON exchange.jsi_source FOR SELECT TO vinculum_app USING (
    organisation_id = (SELECT access.organisation_id())
    OR ((SELECT exchange.is_help_desk()) AND EXISTS (
        SELECT 1 FROM access.disclosure AS d
         WHERE d.ticket = (SELECT access.ticket()) AND d.act = 'show_jsi_sources' AND d.subject = jsi_source.vin)));
-- The operator lists who is late at the command line.
DROP POLICY jsi_month_of_ones_own ON exchange.jsi_month;
CREATE POLICY jsi_month_of_ones_own ON exchange.jsi_month FOR SELECT TO vinculum_app USING (
    organisation_id = (SELECT access.organisation_id()) OR (SELECT exchange.is_help_desk())
    OR ((SELECT access.role()) = 'system' AND (SELECT access.act()) = 'show_reporters'));
RESET ROLE;
