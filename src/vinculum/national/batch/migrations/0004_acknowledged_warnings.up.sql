-- Warnings that a jurisdiction knows and expects, by code (N-503): set aside on the work bench, never lost. Who said so,
-- when and why stays on record, also after they were taken up again.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.acknowledged_warning (
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    code text COLLATE "C" NOT NULL
        CONSTRAINT acknowledged_warning_code_has_3_characters CHECK (code ~ '^[0-9A-Z]{3}$'),
    acknowledged_at timestamptz NOT NULL,
    acknowledged_by uuid NOT NULL,
    acknowledged_by_name text NOT NULL,
    reason text NOT NULL
        CONSTRAINT acknowledged_warning_reason_has_10_to_500_characters CHECK (length(reason) BETWEEN 10 AND 500),
    taken_up_at timestamptz,
    taken_up_by uuid,
    taken_up_by_name text,
    PRIMARY KEY (jurisdiction, code, acknowledged_at),
    CONSTRAINT acknowledged_warning_is_taken_up_by_somebody
        CHECK (num_nulls(taken_up_at, taken_up_by, taken_up_by_name) IN (0, 3)),
    CONSTRAINT acknowledged_warning_is_taken_up_later CHECK (taken_up_at >= acknowledged_at)
);
CREATE UNIQUE INDEX acknowledged_warning_once_at_a_time ON exchange.acknowledged_warning (jurisdiction, code)
    WHERE taken_up_at IS NULL;

ALTER TABLE exchange.acknowledged_warning ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.acknowledged_warning FORCE ROW LEVEL SECURITY;
CREATE POLICY acknowledged_warning_for_owner ON exchange.acknowledged_warning TO vinculum_owner USING (true);
CREATE POLICY acknowledged_warning_of_ones_own ON exchange.acknowledged_warning FOR SELECT TO vinculum_app
    USING (exchange.speaks_for(jurisdiction));
CREATE POLICY acknowledged_warning_in_ones_own_name ON exchange.acknowledged_warning FOR INSERT TO vinculum_app
    WITH CHECK (exchange.speaks_for(jurisdiction) AND acknowledged_by = (SELECT access.person_id())
                AND (SELECT access.act()) = 'work_batch_files' AND taken_up_at IS NULL);
-- What was taken up stays as it is: acknowledging again is another row.
CREATE POLICY acknowledged_warning_taken_up_by_its_own ON exchange.acknowledged_warning FOR UPDATE TO vinculum_app
    USING (taken_up_at IS NULL AND exchange.speaks_for(jurisdiction))
    WITH CHECK (exchange.speaks_for(jurisdiction) AND taken_up_by = (SELECT access.person_id()));
CREATE CONSTRAINT TRIGGER acknowledged_warning_is_audited
    AFTER INSERT OR UPDATE OR DELETE ON exchange.acknowledged_warning
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();

GRANT SELECT, INSERT, UPDATE (taken_up_at, taken_up_by, taken_up_by_name) ON exchange.acknowledged_warning
    TO vinculum_app;
RESET ROLE;
