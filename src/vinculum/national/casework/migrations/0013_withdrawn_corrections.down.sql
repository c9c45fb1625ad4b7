-- What was taken back stands again; who took it back, when and why stays in the audit.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
DROP FUNCTION exchange.hold_steps_at_desks(text, uuid);
ALTER POLICY evidence_file_to_ones_case ON exchange.evidence_file
    WITH CHECK (exchange.sees_case(subject_kind, vin, subject_id) AND kept_by = (SELECT access.person_id())
                AND side = CASE WHEN exchange.is_help_desk() THEN 'help_desk' ELSE (SELECT access.code()) END);
ALTER POLICY vin_verification_by_its_state ON exchange.vin_verification
    WITH CHECK (exchange.speaks_for(jurisdiction) AND recorded_by = (SELECT access.person_id()));
DROP FUNCTION exchange.correction_stands(text, uuid);
DROP POLICY vin_correction_withdrawn_by_its_state ON exchange.vin_correction;
REVOKE INSERT (vin, correction_id, right_vin, jurisdiction, origin, procedure, opened_at, opened_by, opened_by_name),
    UPDATE (withdrawn_at, withdrawn_by, withdrawn_by_name, withdrawn_because) ON exchange.vin_correction FROM vinculum_app;
GRANT INSERT ON exchange.vin_correction TO vinculum_app;
ALTER TABLE exchange.vin_correction
    DROP COLUMN withdrawn_at, DROP COLUMN withdrawn_by, DROP COLUMN withdrawn_by_name, DROP COLUMN withdrawn_because;
RESET ROLE;
