-- What does not fit together on the national files, found by scans and decided by people. A finding shows what states
-- reported, nothing personal; who sees it is decided here, the undercover marks of both its vehicles included.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

-- Which VINs a state has used a title number for: filled by the scans, so that reporting titles costs nothing more.
CREATE TABLE exchange.title_number_use (
    vin text COLLATE "C" NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL,
    title_number text COLLATE "C" NOT NULL,
    PRIMARY KEY (vin, jurisdiction, title_number)
);
CREATE INDEX title_number_use_by_number ON exchange.title_number_use (jurisdiction, title_number, vin);

-- For each doubtful VIN on record (its check digit fails) the sound ones that are a slip of the pen away, on record or
-- not: a sound VIN that is reported later finds its double here by equality.
CREATE TABLE exchange.look_alike_key (
    vin text COLLATE "C" NOT NULL,
    doubtful_vin text COLLATE "C" NOT NULL,
    PRIMARY KEY (vin, doubtful_vin)
);

CREATE TABLE exchange.finding (
    vin text COLLATE "C" NOT NULL,
    finding_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CONSTRAINT finding_kind_is_known CHECK (kind IN
        ('two_places', 'far_apart', 'odometer_falls', 'odometer_leaps', 'before_built', 'washed_brand', 'junk_titled',
         'look_alike', 'number_twice')),
    other_vin text COLLATE "C",
    jurisdictions text[] COLLATE "C" NOT NULL
        CONSTRAINT finding_concerns_somebody CHECK (cardinality(jurisdictions) > 0),
    score smallint NOT NULL CONSTRAINT finding_score_is_1_to_100 CHECK (score BETWEEN 1 AND 100),
    evidence jsonb NOT NULL CONSTRAINT finding_shows_its_evidence CHECK (
        jsonb_typeof(evidence -> 'entries') = 'array' AND jsonb_array_length(evidence -> 'entries') > 0),
    state text COLLATE "C" NOT NULL DEFAULT 'open'
        CONSTRAINT finding_state_is_known CHECK (state IN ('open', 'dismissed', 'confirmed', 'mended')),
    found_at timestamptz NOT NULL,
    moved_at timestamptz NOT NULL,
    decided_by uuid,
    reason text COLLATE "C" CONSTRAINT finding_reason_is_known CHECK (reason IN
        ('clerical_error', 'explained_by_papers', 'lawful_exception', 'known_already')),
    request_id uuid,
    PRIMARY KEY (vin, finding_id),
    CONSTRAINT finding_is_dismissed_with_a_reason CHECK ((state = 'dismissed') = (reason IS NOT NULL)),
    CONSTRAINT finding_is_decided_by_a_person CHECK ((state IN ('dismissed', 'confirmed')) = (decided_by IS NOT NULL)),
    CONSTRAINT finding_leads_on_when_confirmed CHECK (request_id IS NULL OR state = 'confirmed'),
    FOREIGN KEY (vin, request_id) REFERENCES exchange.data_change
);
CREATE INDEX finding_by_score ON exchange.finding (state, score DESC, vin, finding_id);

CREATE TABLE exchange.finding_event (
    vin text COLLATE "C" NOT NULL,
    finding_id uuid NOT NULL,
    event_id uuid NOT NULL,
    at timestamptz NOT NULL,
    side text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL,
    person_name text NOT NULL,
    move text COLLATE "C" NOT NULL
        CONSTRAINT finding_event_move_is_known CHECK (move IN ('dismiss', 'confirm', 'reopen', 'ask_states')),
    words text NOT NULL CONSTRAINT finding_event_has_1_to_4000_characters CHECK (length(words) BETWEEN 1 AND 4000),
    PRIMARY KEY (vin, finding_id, event_id),
    FOREIGN KEY (vin, finding_id) REFERENCES exchange.finding
);

-- Each scan that came to its end, and up to when the records that it read reach.
CREATE TABLE exchange.finding_scan (
    scan_id uuid PRIMARY KEY,
    whole boolean NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    vehicles bigint NOT NULL,
    found bigint NOT NULL,
    mended bigint NOT NULL
);
CREATE INDEX finding_scan_latest ON exchange.finding_scan (began_at DESC);

-- What has changed since the last scan: records come in by time, so a summary of blocks suffices.
CREATE INDEX title_history_by_time ON exchange.title_history USING brin (transaction_at) WITH (autosummarize = on);
CREATE INDEX brand_history_by_time ON exchange.brand_history USING brin (transaction_at) WITH (autosummarize = on);
CREATE INDEX brand_withdrawal_by_time ON exchange.brand_withdrawal USING brin (withdrawn_at) WITH (autosummarize = on);
CREATE INDEX jsi_report_by_time ON exchange.jsi_report USING brin (reported_at) WITH (autosummarize = on);

-- N-206: of a record that is marked undercover only the jurisdictions that every mark names know anything.
CREATE FUNCTION exchange.may_know(p_vin text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT 1 FROM exchange.undercover AS u
         WHERE u.vin = p_vin AND u.lifted_at IS NULL
           AND NOT coalesce(access.kind() = 'jurisdiction' AND access.code() = ANY (u.marked_by || u.visible_to), false));
END $$;
-- The exchange's help desk looks after all findings; a jurisdiction's investigators after those that concern it.
CREATE FUNCTION exchange.investigates(p_jurisdictions text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT exchange.is_help_desk()
        OR coalesce(access.kind() = 'jurisdiction' AND access.role() IN ('investigator', 'help_desk')
                    AND access.code() = ANY (p_jurisdictions), false)
$$;
CREATE FUNCTION exchange.scans() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(access.role() = 'system' AND access.act() = 'scan_records', false)
$$;
REVOKE ALL ON FUNCTION exchange.may_know(text), exchange.investigates(text[]), exchange.scans() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.may_know(text), exchange.investigates(text[]), exchange.scans() TO vinculum_app;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['finding', 'finding_event'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
    END LOOP;
END $$;
-- What the program finds is repeatable; what people decide is audited.
CREATE CONSTRAINT TRIGGER finding_is_audited AFTER UPDATE OR DELETE ON exchange.finding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE CONSTRAINT TRIGGER finding_event_is_audited AFTER INSERT OR UPDATE OR DELETE ON exchange.finding_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();

CREATE POLICY finding_by_the_scan ON exchange.finding TO vinculum_app
    USING ((SELECT exchange.scans())) WITH CHECK ((SELECT exchange.scans()) AND state IN ('open', 'mended'));
CREATE POLICY finding_for_who_may_know ON exchange.finding FOR SELECT TO vinculum_app
    USING (exchange.investigates(jurisdictions) AND exchange.may_know(vin)
           AND (other_vin IS NULL OR exchange.may_know(other_vin)));
CREATE POLICY finding_decided_by_who_may_know ON exchange.finding FOR UPDATE TO vinculum_app
    USING (exchange.investigates(jurisdictions) AND exchange.may_know(vin)
           AND (other_vin IS NULL OR exchange.may_know(other_vin)))
    WITH CHECK (exchange.investigates(jurisdictions)
                AND (state = 'open' OR decided_by = (SELECT access.person_id()) OR request_id IS NOT NULL));
CREATE POLICY finding_event_of_a_finding ON exchange.finding_event FOR SELECT TO vinculum_app
    USING (EXISTS (SELECT 1 FROM exchange.finding AS f
                    WHERE f.vin = finding_event.vin AND f.finding_id = finding_event.finding_id));
CREATE POLICY finding_event_in_ones_own_name ON exchange.finding_event FOR INSERT TO vinculum_app
    WITH CHECK (person_id = (SELECT access.person_id())
                AND side = CASE WHEN exchange.is_help_desk() THEN 'help_desk' ELSE (SELECT access.code()) END
                AND EXISTS (SELECT 1 FROM exchange.finding AS f
                             WHERE f.vin = finding_event.vin AND f.finding_id = finding_event.finding_id));

GRANT SELECT, INSERT, UPDATE (score, evidence, jurisdictions, state, moved_at, decided_by, reason, request_id)
    ON exchange.finding TO vinculum_app;
GRANT SELECT, INSERT ON exchange.finding_event, exchange.finding_scan, exchange.title_number_use,
    exchange.look_alike_key TO vinculum_app;
RESET ROLE;
