-- Data-change requests (N-704, N-104): what somebody asks to be changed, on what evidence, who has to approve, and by
-- which message of the owner it was done. Where it stands is not stored: it follows from these rows.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.data_change (
    vin text COLLATE "C" NOT NULL,
    request_id uuid NOT NULL,
    asked_by text COLLATE "C" NOT NULL,
    data_of text[] COLLATE "C" NOT NULL
        CONSTRAINT data_change_names_1_to_10_states CHECK (cardinality(data_of) BETWEEN 1 AND 10),
    change text NOT NULL CONSTRAINT data_change_has_1_to_4000_characters CHECK (length(change) BETWEEN 1 AND 4000),
    evidence text NOT NULL
        CONSTRAINT data_change_evidence_has_1_to_4000_characters CHECK (length(evidence) BETWEEN 1 AND 4000),
    opened_at timestamptz NOT NULL,
    opened_by uuid NOT NULL,
    opened_by_name text NOT NULL,
    withdrawn_at timestamptz,
    carried_out_at timestamptz,
    carried_out_by text COLLATE "C",
    message_id uuid,
    PRIMARY KEY (vin, request_id),
    CONSTRAINT data_change_effect_names_its_message
        CHECK (num_nulls(carried_out_at, carried_out_by, message_id) IN (0, 3)),
    CONSTRAINT data_change_ends_once CHECK (withdrawn_at IS NULL OR carried_out_at IS NULL)
);
CREATE INDEX data_change_by_time ON exchange.data_change (opened_at DESC);

CREATE TABLE exchange.data_change_approval (
    vin text COLLATE "C" NOT NULL,
    request_id uuid NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    asked_by text COLLATE "C" NOT NULL,
    data_of text[] COLLATE "C" NOT NULL,
    opened_by uuid NOT NULL,
    approved boolean,
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    words text,
    PRIMARY KEY (vin, request_id, jurisdiction),
    FOREIGN KEY (vin, request_id) REFERENCES exchange.data_change,
    CONSTRAINT data_change_approval_is_decided_as_a_whole
        CHECK (num_nulls(approved, decided_at, decided_by, decided_by_name, words) IN (0, 5)),
    CONSTRAINT data_change_is_decided_by_another CHECK (decided_by <> opened_by)
);

CREATE FUNCTION exchange.speaks_for_one_of(p_jurisdictions text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT exchange.speaks_for(access.code()) AND access.code() = ANY (p_jurisdictions)
$$;
REVOKE ALL ON FUNCTION exchange.speaks_for_one_of(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.speaks_for_one_of(text[]) TO vinculum_app;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['data_change', 'data_change_approval'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR SELECT TO vinculum_app USING (exchange.is_help_desk() '
                       'OR exchange.speaks_for(asked_by) OR exchange.speaks_for_one_of(data_of))', t || '_of_its_sides', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR INSERT TO vinculum_app WITH CHECK ('
                       'opened_by = (SELECT access.person_id()) AND (exchange.speaks_for(asked_by) '
                       'OR (exchange.is_help_desk() AND asked_by = ''help_desk'')))', t || '_by_who_asks', t);
    END LOOP;
END $$;
-- Only what every state concerned has approved is carried out, whoever asks; only who asked withdraws.
CREATE POLICY data_change_ended_by_its_sides ON exchange.data_change FOR UPDATE TO vinculum_app
    USING (withdrawn_at IS NULL AND carried_out_at IS NULL
           AND (exchange.is_help_desk() OR exchange.speaks_for(asked_by) OR exchange.speaks_for_one_of(data_of)))
    WITH CHECK (CASE WHEN withdrawn_at IS NOT NULL
                     THEN exchange.speaks_for(asked_by) OR (exchange.is_help_desk() AND asked_by = 'help_desk')
                     ELSE NOT EXISTS (SELECT 1 FROM exchange.data_change_approval AS a
                                       WHERE a.vin = data_change.vin AND a.request_id = data_change.request_id
                                         AND a.approved IS NOT TRUE) END);
CREATE POLICY data_change_approval_by_the_owner ON exchange.data_change_approval FOR UPDATE TO vinculum_app
    USING (approved IS NULL AND exchange.speaks_for(jurisdiction))
    WITH CHECK (exchange.speaks_for(jurisdiction) AND decided_by = (SELECT access.person_id()));

GRANT SELECT, INSERT, UPDATE (withdrawn_at, carried_out_at, carried_out_by, message_id) ON exchange.data_change
    TO vinculum_app;
GRANT SELECT, INSERT, UPDATE (approved, decided_at, decided_by, decided_by_name, words)
    ON exchange.data_change_approval TO vinculum_app;
RESET ROLE;
