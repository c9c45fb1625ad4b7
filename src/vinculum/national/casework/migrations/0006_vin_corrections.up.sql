-- Corrections of VINs, step by step (N-307): which procedure a state follows, and the record of each physical verification.
-- No step is stored: what was done is seen in the national files and at the desks. Nobody's name but that of who recorded
-- stands here; `inspected_by` is an office or a badge.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.vin_correction (
    vin text COLLATE "C" NOT NULL,
    correction_id uuid NOT NULL,
    right_vin text COLLATE "C" NOT NULL
        CONSTRAINT vin_correction_says_something CHECK (length(right_vin) BETWEEN 1 AND 30 AND right_vin <> vin),
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    origin text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    procedure text COLLATE "C" NOT NULL CONSTRAINT vin_correction_procedure_is_known CHECK (procedure IN
        ('own_online', 'own_batch', 'other_batch', 'other_both_vins', 'other_one_vin')),
    opened_at timestamptz NOT NULL,
    opened_by uuid NOT NULL,
    opened_by_name text NOT NULL,
    PRIMARY KEY (vin, correction_id),
    CONSTRAINT vin_correction_of_ones_own_error CHECK ((procedure IN ('own_online', 'own_batch')) = (jurisdiction = origin))
);
CREATE INDEX vin_correction_by_time ON exchange.vin_correction (opened_at DESC);

CREATE TABLE exchange.vin_verification (
    vin text COLLATE "C" NOT NULL,
    correction_id uuid NOT NULL,
    verification_id uuid NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    inspected_on date NOT NULL,
    inspected_by text NOT NULL
        CONSTRAINT vin_verification_names_its_office CHECK (length(inspected_by) BETWEEN 1 AND 80),
    place text COLLATE "C" NOT NULL CONSTRAINT vin_verification_place_is_known
        CHECK (place IN ('dash_plate', 'door_label', 'frame', 'engine', 'other')),
    read_vin text COLLATE "C" NOT NULL CONSTRAINT vin_verification_read_something CHECK (length(read_vin) BETWEEN 1 AND 30),
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_by_name text NOT NULL,
    PRIMARY KEY (vin, correction_id, verification_id),
    FOREIGN KEY (vin, correction_id) REFERENCES exchange.vin_correction
);

DO $$
DECLARE
    t text;
    who text;
BEGIN
    FOREACH t IN ARRAY ARRAY['vin_correction', 'vin_verification'] LOOP
        who := CASE t WHEN 'vin_correction' THEN 'opened_by' ELSE 'recorded_by' END;
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR SELECT TO vinculum_app USING (exchange.is_help_desk() '
                       'OR exchange.speaks_for(jurisdiction) OR exchange.speaks_for(origin))', t || '_of_its_states', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR INSERT TO vinculum_app WITH CHECK ('
                       'exchange.speaks_for(jurisdiction) AND %I = (SELECT access.person_id()))', t || '_by_its_state', t, who);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON exchange.vin_correction, exchange.vin_verification TO vinculum_app;

-- What the desks say of a correction, to those who may see it: whether the originating state was asked, its paper came, its
-- data-change request was made and approved. Only that it was: the request itself is between its own sides.
CREATE FUNCTION exchange.seen_at_desks(p_vin text, p_correction uuid)
RETURNS TABLE (asked boolean, letter boolean, requested boolean, approved boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT 1 FROM exchange.discrepancy_case AS d WHERE d.vin = c.vin AND d.asking = c.jurisdiction
                      AND d.holding = c.origin AND d.opened_at >= c.opened_at),
           EXISTS (SELECT 1 FROM exchange.discrepancy_case AS d WHERE d.vin = c.vin AND d.asking = c.jurisdiction
                      AND d.holding = c.origin AND d.closed_at >= c.opened_at AND d.closed_because = 'paper_corrected'),
           EXISTS (SELECT 1 FROM exchange.data_change AS r WHERE r.vin = c.vin AND c.origin = ANY (r.data_of)
                      AND r.withdrawn_at IS NULL AND r.opened_at >= c.opened_at),
           EXISTS (SELECT 1 FROM exchange.data_change AS r WHERE r.vin = c.vin AND c.origin = ANY (r.data_of)
                      AND r.withdrawn_at IS NULL AND r.opened_at >= c.opened_at AND NOT EXISTS (
                          SELECT 1 FROM exchange.data_change_approval AS a WHERE a.vin = r.vin
                             AND a.request_id = r.request_id AND a.approved IS NOT TRUE))
      FROM exchange.vin_correction AS c
     WHERE c.vin = p_vin AND c.correction_id = p_correction
       AND (exchange.is_help_desk() OR exchange.speaks_for(c.jurisdiction) OR exchange.speaks_for(c.origin))
$$;
REVOKE ALL ON FUNCTION exchange.seen_at_desks(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.seen_at_desks(text, uuid) TO vinculum_app;
RESET ROLE;
