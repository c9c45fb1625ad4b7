-- A brand taken back at the desk of the state that applied it (N-404): one person proposes it with a reason, another of the
-- same state confirms it, and only then is the message applied, in the transaction that confirms.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.brand_rescission (
    vin text COLLATE "C" NOT NULL,
    rescission_id uuid NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    brand_code text COLLATE "C" NOT NULL REFERENCES exchange.brand_code,
    brand_date date NOT NULL,
    reason text NOT NULL CONSTRAINT brand_rescission_gives_its_reason CHECK (length(reason) BETWEEN 1 AND 200),
    proposed_at timestamptz NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_by_name text NOT NULL,
    confirmed boolean,
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    PRIMARY KEY (vin, rescission_id),
    CONSTRAINT brand_rescission_is_decided_as_a_whole
        CHECK (num_nulls(confirmed, decided_at, decided_by, decided_by_name) IN (0, 4)),
    -- Dual control: who proposed may give it up, never confirm it.
    CONSTRAINT brand_rescission_takes_two CHECK (confirmed IS NOT TRUE OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX brand_rescission_one_waits_per_brand
    ON exchange.brand_rescission (vin, jurisdiction, brand_code, brand_date) WHERE decided_at IS NULL;
CREATE INDEX brand_rescission_by_time ON exchange.brand_rescission (proposed_at DESC);

ALTER TABLE exchange.brand_rescission ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.brand_rescission FORCE ROW LEVEL SECURITY;
CREATE POLICY brand_rescission_for_owner ON exchange.brand_rescission TO vinculum_owner USING (true);
CREATE CONSTRAINT TRIGGER brand_rescission_is_audited AFTER INSERT OR UPDATE OR DELETE ON exchange.brand_rescission
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE POLICY brand_rescission_of_its_state ON exchange.brand_rescission FOR SELECT TO vinculum_app
    USING (exchange.is_help_desk() OR exchange.speaks_for(jurisdiction));
CREATE POLICY brand_rescission_by_its_state ON exchange.brand_rescission FOR INSERT TO vinculum_app
    WITH CHECK (exchange.speaks_for(jurisdiction) AND proposed_by = (SELECT access.person_id()));
CREATE POLICY brand_rescission_decided_by_its_state ON exchange.brand_rescission FOR UPDATE TO vinculum_app
    USING (decided_at IS NULL AND exchange.speaks_for(jurisdiction))
    WITH CHECK (exchange.speaks_for(jurisdiction) AND decided_by = (SELECT access.person_id()));
GRANT SELECT, INSERT (vin, rescission_id, jurisdiction, brand_code, brand_date, reason, proposed_at, proposed_by,
    proposed_by_name), UPDATE (confirmed, decided_at, decided_by, decided_by_name)
    ON exchange.brand_rescission TO vinculum_app;
RESET ROLE;
