-- Whom to call in another jurisdiction (N-702), and what two jurisdictions have to settle before a title is issued
-- (N-401). Worked by case and person: where the database is distributed, these tables stay on the coordinator.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

-- In whose name a row is read or written: the exchange's own help desk, or the people of one jurisdiction.
CREATE FUNCTION exchange.is_help_desk() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(access.role() = 'help_desk' AND access.kind() = 'association', false)
$$;
CREATE FUNCTION exchange.speaks_for(p_jurisdiction text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(access.kind() = 'jurisdiction' AND access.code() = p_jurisdiction
                    AND access.role() IN ('title_clerk', 'help_desk'), false)
$$;
REVOKE ALL ON FUNCTION exchange.is_help_desk(), exchange.speaks_for(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.is_help_desk(), exchange.speaks_for(text) TO vinculum_app;

CREATE TABLE exchange.contact (
    jurisdiction text COLLATE "C" PRIMARY KEY REFERENCES exchange.jurisdiction,
    telephone text NOT NULL CONSTRAINT contact_telephone_is_7_to_40_characters CHECK (length(telephone) BETWEEN 7 AND 40),
    mailbox text NOT NULL CONSTRAINT contact_mailbox_is_an_address
        CHECK (length(mailbox) <= 120 AND mailbox ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$'),
    hours text NOT NULL DEFAULT '' CONSTRAINT contact_hours_are_120_characters_at_most CHECK (length(hours) <= 120),
    confirmed_at timestamptz NOT NULL,
    confirmed_by uuid NOT NULL
);

-- `asking` will not issue until it is settled; `holding` has the title on record. The facts are those that the check
-- found, as of the day it was opened.
CREATE TABLE exchange.discrepancy_case (
    vin text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    asking text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    holding text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    state text COLLATE "C" NOT NULL
        CONSTRAINT discrepancy_case_state_is_known CHECK (state IN ('open', 'answered', 'escalated', 'closed')),
    facts jsonb NOT NULL CONSTRAINT discrepancy_case_has_facts
        CHECK (jsonb_typeof(facts) = 'array' AND jsonb_array_length(facts) > 0),
    paper jsonb NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by uuid NOT NULL,
    moved_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_because text COLLATE "C" CONSTRAINT discrepancy_case_reason_is_known CHECK (closed_because IN
        ('record_corrected', 'paper_corrected', 'paper_confirmed', 'paper_refused', 'opened_in_error')),
    PRIMARY KEY (vin, case_id),
    CONSTRAINT discrepancy_case_is_between_two CHECK (asking <> holding),
    CONSTRAINT discrepancy_case_is_closed_with_a_reason
        CHECK ((state = 'closed') = (closed_at IS NOT NULL) AND (state = 'closed') = (closed_because IS NOT NULL))
);
CREATE UNIQUE INDEX discrepancy_case_one_open_between_two
    ON exchange.discrepancy_case (vin, asking, holding) WHERE state <> 'closed';
CREATE INDEX discrepancy_case_of_the_asking ON exchange.discrepancy_case (asking, moved_at DESC);
CREATE INDEX discrepancy_case_of_the_holding ON exchange.discrepancy_case (holding, moved_at DESC);

CREATE TABLE exchange.case_event (
    vin text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    event_id uuid NOT NULL,
    at timestamptz NOT NULL,
    side text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL,
    person_name text NOT NULL,
    move text COLLATE "C" NOT NULL,
    body text NOT NULL CONSTRAINT case_event_has_1_to_4000_characters CHECK (length(body) BETWEEN 1 AND 4000),
    PRIMARY KEY (vin, case_id, event_id),
    FOREIGN KEY (vin, case_id) REFERENCES exchange.discrepancy_case
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contact', 'discrepancy_case', 'case_event'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
    END LOOP;
END $$;
-- The list is for those who work here, not for the public.
CREATE POLICY contact_for_the_desks ON exchange.contact FOR SELECT TO vinculum_app
    USING ((SELECT access.kind()) IN ('jurisdiction', 'association', 'system'));
CREATE POLICY contact_of_ones_own ON exchange.contact FOR INSERT TO vinculum_app
    WITH CHECK (exchange.is_help_desk() OR exchange.speaks_for(jurisdiction));
CREATE POLICY contact_kept_by_its_own ON exchange.contact FOR UPDATE TO vinculum_app
    USING (exchange.is_help_desk() OR exchange.speaks_for(jurisdiction));

CREATE POLICY discrepancy_case_of_both_sides ON exchange.discrepancy_case FOR SELECT TO vinculum_app
    USING (exchange.is_help_desk() OR exchange.speaks_for(asking) OR exchange.speaks_for(holding));
CREATE POLICY discrepancy_case_by_the_asking ON exchange.discrepancy_case FOR INSERT TO vinculum_app
    WITH CHECK (exchange.speaks_for(asking) AND state = 'open' AND opened_by = (SELECT access.person_id()));
-- What is closed stays as it was closed; only who asked, or the help desk, closes.
CREATE POLICY discrepancy_case_moved_by_its_sides ON exchange.discrepancy_case FOR UPDATE TO vinculum_app
    USING (state <> 'closed' AND (exchange.is_help_desk() OR exchange.speaks_for(asking) OR exchange.speaks_for(holding)))
    WITH CHECK (exchange.is_help_desk() OR exchange.speaks_for(asking)
                OR (exchange.speaks_for(holding) AND state <> 'closed'));

CREATE POLICY case_event_of_both_sides ON exchange.case_event FOR SELECT TO vinculum_app
    USING (EXISTS (SELECT 1 FROM exchange.discrepancy_case AS c
                    WHERE c.vin = case_event.vin AND c.case_id = case_event.case_id));
CREATE POLICY case_event_in_ones_own_name ON exchange.case_event FOR INSERT TO vinculum_app
    WITH CHECK (person_id = (SELECT access.person_id())
                AND side = CASE WHEN exchange.is_help_desk() THEN 'help_desk' ELSE (SELECT access.code()) END
                AND EXISTS (SELECT 1 FROM exchange.discrepancy_case AS c
                             WHERE c.vin = case_event.vin AND c.case_id = case_event.case_id));

GRANT SELECT, INSERT, UPDATE (telephone, mailbox, hours, confirmed_at, confirmed_by) ON exchange.contact TO vinculum_app;
GRANT SELECT, INSERT, UPDATE (state, moved_at, closed_at, closed_because) ON exchange.discrepancy_case TO vinculum_app;
GRANT SELECT, INSERT ON exchange.case_event TO vinculum_app;

-- For the rates of the dashboard (N-705): messages come in by time, so a summary of blocks suffices and costs nothing.
CREATE INDEX message_inbox_by_time ON exchange.message_inbox USING brin (received_at);
RESET ROLE;
