-- Evidence files of data changes, of two vehicles on one VIN and of corrected VINs (N-704): known by their SHA-256, under
-- which the bytes lie outside the web root. Who may see the case may see its files, and each look-up is on record before
-- the file is given out. Nothing is ever changed or taken away.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.evidence_file (
    vin text COLLATE "C" NOT NULL,
    evidence_id uuid NOT NULL,
    subject_kind text COLLATE "C" NOT NULL CONSTRAINT evidence_file_subject_is_known
        CHECK (subject_kind IN ('data_change', 'clone_case', 'vin_correction')),
    subject_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL CONSTRAINT evidence_file_has_a_plain_name CHECK (name ~ '^[A-Za-z0-9 ()_.-]{1,80}$'),
    media_type text COLLATE "C" NOT NULL CONSTRAINT evidence_file_type_is_known
        CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg', 'text/plain')),
    size integer NOT NULL CONSTRAINT evidence_file_is_5_mib_at_most CHECK (size BETWEEN 1 AND 5242880),
    content_name text COLLATE "C" NOT NULL CONSTRAINT evidence_file_is_named_by_its_sha256
        CHECK (content_name ~ '^[0-9a-f]{64}$'),
    side text COLLATE "C" NOT NULL,
    kept_at timestamptz NOT NULL,
    kept_by uuid NOT NULL,
    kept_by_name text NOT NULL,
    PRIMARY KEY (vin, evidence_id)
);
CREATE UNIQUE INDEX evidence_file_once_per_subject ON exchange.evidence_file (vin, subject_kind, subject_id, content_name);

CREATE TABLE exchange.evidence_look_up (
    vin text COLLATE "C" NOT NULL,
    evidence_id uuid NOT NULL,
    look_up_id uuid NOT NULL,
    side text COLLATE "C" NOT NULL,
    looked_at timestamptz NOT NULL,
    looked_by uuid NOT NULL,
    looked_by_name text NOT NULL,
    PRIMARY KEY (vin, evidence_id, look_up_id),
    FOREIGN KEY (vin, evidence_id) REFERENCES exchange.evidence_file
);

-- The walls of the three kinds of case hold in here: one sees a case, or there is none.
CREATE FUNCTION exchange.sees_case(p_kind text, p_vin text, p_id uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE p_kind
        WHEN 'data_change' THEN EXISTS (SELECT 1 FROM exchange.data_change AS d
                                         WHERE d.vin = p_vin AND d.request_id = p_id)
        WHEN 'clone_case' THEN EXISTS (SELECT 1 FROM exchange.clone_case AS c WHERE c.vin = p_vin AND c.case_id = p_id)
        WHEN 'vin_correction' THEN EXISTS (SELECT 1 FROM exchange.vin_correction AS v
                                            WHERE v.vin = p_vin AND v.correction_id = p_id)
        ELSE false END
$$;
REVOKE ALL ON FUNCTION exchange.sees_case(text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.sees_case(text, text, uuid) TO vinculum_app;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['evidence_file', 'evidence_look_up'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
    END LOOP;
END $$;
CREATE POLICY evidence_file_of_its_case ON exchange.evidence_file FOR SELECT TO vinculum_app
    USING (exchange.sees_case(subject_kind, vin, subject_id));
CREATE POLICY evidence_file_to_ones_case ON exchange.evidence_file FOR INSERT TO vinculum_app
    WITH CHECK (exchange.sees_case(subject_kind, vin, subject_id) AND kept_by = (SELECT access.person_id())
                AND side = CASE WHEN exchange.is_help_desk() THEN 'help_desk' ELSE (SELECT access.code()) END);
CREATE POLICY evidence_look_up_of_its_file ON exchange.evidence_look_up FOR SELECT TO vinculum_app
    USING (EXISTS (SELECT 1 FROM exchange.evidence_file AS f
                    WHERE f.vin = evidence_look_up.vin AND f.evidence_id = evidence_look_up.evidence_id));
CREATE POLICY evidence_look_up_in_ones_own_name ON exchange.evidence_look_up FOR INSERT TO vinculum_app
    WITH CHECK (looked_by = (SELECT access.person_id())
                AND side = CASE WHEN exchange.is_help_desk() THEN 'help_desk' ELSE (SELECT access.code()) END
                AND EXISTS (SELECT 1 FROM exchange.evidence_file AS f
                             WHERE f.vin = evidence_look_up.vin AND f.evidence_id = evidence_look_up.evidence_id));
GRANT SELECT, INSERT ON exchange.evidence_file, exchange.evidence_look_up TO vinculum_app;
RESET ROLE;
