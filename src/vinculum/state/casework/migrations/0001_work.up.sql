-- Applications: the work on a clerk's desk, from the first keystroke to the processed, voided or abandoned deal.
SET ROLE vinculum_owner;

CREATE SCHEMA work;

CREATE TABLE work.application_move (
    from_state text NOT NULL,
    to_state text NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO work.application_move VALUES
    ('open', 'held'), ('open', 'processed'), ('open', 'abandoned'), ('held', 'open'), ('held', 'abandoned'),
    ('processed', 'voided');

CREATE TABLE work.application (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    kind text NOT NULL CONSTRAINT application_kind_is_known CHECK (kind IN ('new_issue')),
    state text NOT NULL CONSTRAINT application_state_is_known CHECK (state IN
        ('open', 'held', 'processed', 'voided', 'abandoned')),
    terminal text NOT NULL CONSTRAINT application_names_its_terminal CHECK (terminal <> ''),
    deal jsonb NOT NULL,
    vin text COLLATE "C" NOT NULL DEFAULT '',
    issue_date date,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    held_at timestamptz,
    processed_at timestamptz,
    void_until timestamptz,
    voided_at timestamptz,
    entry_id uuid REFERENCES book.entry,
    registration_id uuid REFERENCES book.registration,
    title_id uuid REFERENCES book.title,
    ledger_transaction_id uuid,
    receipt jsonb,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT processed_application_has_its_registration
        CHECK ((state IN ('processed', 'voided')) = (registration_id IS NOT NULL AND processed_at IS NOT NULL AND entry_id IS NOT NULL))
);
CREATE INDEX application_by_organisation ON work.application (organisation_id, state, changed_at DESC);
CREATE INDEX application_by_registration ON work.application (registration_id) WHERE registration_id IS NOT NULL;
CREATE INDEX application_by_vin ON work.application (vin);
CREATE UNIQUE INDEX application_one_per_entry ON work.application (entry_id) WHERE entry_id IS NOT NULL;

CREATE TABLE work.application_event (
    application_id uuid NOT NULL REFERENCES work.application,
    version integer NOT NULL,
    from_state text,
    to_state text NOT NULL,
    organisation_id uuid NOT NULL,
    person_id uuid,
    terminal text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (application_id, version)
);

CREATE FUNCTION work.guard_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'an application is never deleted' USING ERRCODE = '42501';
    END IF;
    IF NEW.id <> OLD.id OR NEW.organisation_id <> OLD.organisation_id OR NEW.kind <> OLD.kind
       OR NEW.created_at <> OLD.created_at OR NEW.created_by <> OLD.created_by THEN
        RAISE EXCEPTION 'an application keeps its dealer and its beginning' USING ERRCODE = '42501';
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM work.application_move AS m WHERE m.from_state = OLD.state AND m.to_state = NEW.state) THEN
        RAISE EXCEPTION 'application %: % to % is not a move', OLD.id, OLD.state, NEW.state
            USING ERRCODE = '23514', CONSTRAINT = 'application_moves_only_as_allowed';
    END IF;
    IF OLD.state IN ('processed', 'voided', 'abandoned') AND NEW.deal <> OLD.deal THEN
        RAISE EXCEPTION 'the deal of a finished application is never changed' USING ERRCODE = '42501';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER application_moves_only_as_allowed BEFORE UPDATE OR DELETE ON work.application
    FOR EACH ROW EXECUTE FUNCTION work.guard_application();

CREATE FUNCTION work.keep_application_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO work.application_event (application_id, version, from_state, to_state, organisation_id, person_id,
                                        terminal, recorded_at)
    VALUES (NEW.id, NEW.version, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state, NEW.organisation_id,
            access.person_id(), NEW.terminal, NEW.changed_at);
    RETURN NULL;
END $$;
CREATE TRIGGER application_event_is_kept AFTER INSERT OR UPDATE ON work.application
    FOR EACH ROW EXECUTE FUNCTION work.keep_application_event();
CREATE TRIGGER application_is_never_emptied BEFORE TRUNCATE ON work.application EXECUTE FUNCTION access.never();
CREATE TRIGGER application_event_is_never_changed BEFORE UPDATE OR DELETE ON work.application_event
    FOR EACH ROW EXECUTE FUNCTION access.never();
CREATE TRIGGER application_event_is_never_emptied BEFORE TRUNCATE ON work.application_event
    EXECUTE FUNCTION access.never();

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['application', 'application_event'] LOOP
        EXECUTE format('ALTER TABLE work.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE work.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON work.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format($f$CREATE POLICY %I ON work.%I TO vinculum_app
            USING (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) IN ('dmv', 'system'))
            WITH CHECK (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) IN ('dmv', 'system'))$f$,
            t || '_of_ones_own', t);
    END LOOP;
END $$;
GRANT USAGE ON SCHEMA work TO vinculum_app;
GRANT SELECT ON work.application_move, work.application_event TO vinculum_app;
GRANT SELECT, INSERT,
      UPDATE (state, terminal, deal, vin, issue_date, changed_at, held_at, processed_at, void_until, voided_at, entry_id,
              registration_id, title_id, ledger_transaction_id, receipt)
   ON work.application TO vinculum_app;
CREATE CONSTRAINT TRIGGER application_event_is_audited AFTER INSERT ON work.application_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
RESET ROLE;
