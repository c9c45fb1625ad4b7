SET ROLE vinculum_owner;
DROP POLICY jsi_source_of_ones_own ON exchange.jsi_source;
CREATE POLICY jsi_source_of_ones_own ON exchange.jsi_source FOR SELECT TO vinculum_app USING (
    organisation_id = (SELECT access.organisation_id())
    OR ((SELECT access.role()) = 'help_desk' AND (SELECT access.kind()) = 'association'));
DROP POLICY jsi_month_of_ones_own ON exchange.jsi_month;
CREATE POLICY jsi_month_of_ones_own ON exchange.jsi_month FOR SELECT TO vinculum_app USING (
    organisation_id = (SELECT access.organisation_id())
    OR ((SELECT access.role()) = 'help_desk' AND (SELECT access.kind()) = 'association'));
DELETE FROM access.purpose WHERE organisation_kind = 'association';
RESET ROLE;
