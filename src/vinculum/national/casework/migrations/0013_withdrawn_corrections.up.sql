-- A correction that was begun by mistake is taken back by the state that began it, with a reason, and stays on record (N-307).
-- After that nobody inspects for it, keeps evidence with it or takes it back again.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

ALTER TABLE exchange.vin_correction
    ADD COLUMN withdrawn_at timestamptz,
    ADD COLUMN withdrawn_by uuid,
    ADD COLUMN withdrawn_by_name text,
    ADD COLUMN withdrawn_because text,
    ADD CONSTRAINT vin_correction_is_withdrawn_as_a_whole
        CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_by_name, withdrawn_because) IN (0, 4)),
    ADD CONSTRAINT vin_correction_withdrawal_gives_its_reason CHECK (length(withdrawn_because) BETWEEN 1 AND 200);

-- Begun as one that stands, ended once.
REVOKE INSERT ON exchange.vin_correction FROM vinculum_app;
GRANT INSERT (vin, correction_id, right_vin, jurisdiction, origin, procedure, opened_at, opened_by, opened_by_name),
    UPDATE (withdrawn_at, withdrawn_by, withdrawn_by_name, withdrawn_because) ON exchange.vin_correction TO vinculum_app;
CREATE POLICY vin_correction_withdrawn_by_its_state ON exchange.vin_correction FOR UPDATE TO vinculum_app
    USING (withdrawn_at IS NULL AND exchange.speaks_for(jurisdiction))
    WITH CHECK (exchange.speaks_for(jurisdiction) AND withdrawn_by = (SELECT access.person_id()));

CREATE FUNCTION exchange.correction_stands(p_vin text, p_correction uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM exchange.vin_correction AS c
                    WHERE c.vin = p_vin AND c.correction_id = p_correction AND c.withdrawn_at IS NULL)
$$;
REVOKE ALL ON FUNCTION exchange.correction_stands(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.correction_stands(text, uuid) TO vinculum_app;
ALTER POLICY vin_verification_by_its_state ON exchange.vin_verification
    WITH CHECK (exchange.speaks_for(jurisdiction) AND recorded_by = (SELECT access.person_id())
                AND exchange.correction_stands(vin, correction_id));
ALTER POLICY evidence_file_to_ones_case ON exchange.evidence_file
    WITH CHECK (exchange.sees_case(subject_kind, vin, subject_id) AND kept_by = (SELECT access.person_id())
                AND side = CASE WHEN exchange.is_help_desk() THEN 'help_desk' ELSE (SELECT access.code()) END
                AND (subject_kind <> 'vin_correction' OR exchange.correction_stands(vin, subject_id)));

-- Who takes a correction back waits for a decision of another state that is being written, and then sees it: the rows by
-- which a step is done at the desks belong to that state, so their owner holds them. Only for the state that began it.
CREATE FUNCTION exchange.hold_steps_at_desks(p_vin text, p_correction uuid)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    since timestamptz;
BEGIN
    SELECT c.opened_at INTO since FROM exchange.vin_correction AS c
     WHERE c.vin = p_vin AND c.correction_id = p_correction AND exchange.speaks_for(c.jurisdiction);
    PERFORM 1 FROM exchange.data_change AS r
     WHERE r.vin = p_vin AND r.opened_at >= since ORDER BY r.request_id FOR SHARE;
    PERFORM 1 FROM exchange.data_change_approval AS a WHERE a.vin = p_vin AND a.request_id IN (
        SELECT r.request_id FROM exchange.data_change AS r WHERE r.vin = p_vin AND r.opened_at >= since)
     ORDER BY a.request_id, a.jurisdiction FOR SHARE;
    PERFORM 1 FROM exchange.discrepancy_case AS d
     WHERE d.vin = p_vin AND d.opened_at >= since ORDER BY d.case_id FOR SHARE;
END $$;
REVOKE ALL ON FUNCTION exchange.hold_steps_at_desks(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.hold_steps_at_desks(text, uuid) TO vinculum_app;
RESET ROLE;
