-- E-mails and webhooks that are owed: each is written with what it tells of, once for its cause, and tried until it is
-- delivered or given up. What is sent stands here whole, so that nothing more can be.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.outgoing (
    outgoing_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    cause text COLLATE "C" NOT NULL CONSTRAINT outgoing_once_for_its_cause UNIQUE,
    channel text COLLATE "C" NOT NULL CONSTRAINT outgoing_channel_is_known CHECK (channel IN ('email', 'webhook')),
    address text NOT NULL CONSTRAINT outgoing_address_has_3_to_400_characters CHECK (length(address) BETWEEN 3 AND 400),
    secret_sealed text NOT NULL DEFAULT '',
    subject text NOT NULL CONSTRAINT outgoing_subject_has_1_to_200_characters CHECK (length(subject) BETWEEN 1 AND 200),
    facts jsonb NOT NULL,
    link text NOT NULL,
    organisation_id uuid,
    person_id uuid,
    state text COLLATE "C" NOT NULL DEFAULT 'pending'
        CONSTRAINT outgoing_state_is_known CHECK (state IN ('pending', 'delivered', 'given_up', 'withdrawn')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT outgoing_is_settled_at_a_time CHECK ((state = 'pending') = (settled_at IS NULL)),
    CONSTRAINT outgoing_webhook_is_signed CHECK (channel <> 'webhook' OR secret_sealed <> '')
);
CREATE INDEX outgoing_pending_by_time ON exchange.outgoing (next_attempt_at) WHERE state = 'pending';
CREATE INDEX outgoing_by_person ON exchange.outgoing (person_id, created_at DESC);

ALTER TABLE exchange.outgoing ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.outgoing FORCE ROW LEVEL SECURITY;
CREATE POLICY outgoing_for_owner ON exchange.outgoing TO vinculum_owner USING (true);
CREATE POLICY outgoing_for_the_mailroom ON exchange.outgoing TO vinculum_app
    USING ((SELECT access.role()) = 'system' AND (SELECT access.act()) = 'deliver_notices');
CREATE POLICY outgoing_to_oneself ON exchange.outgoing FOR SELECT TO vinculum_app
    USING (person_id = (SELECT access.person_id()) AND organisation_id = (SELECT access.organisation_id()));
CREATE POLICY outgoing_withdrawn_by_its_receiver ON exchange.outgoing FOR UPDATE TO vinculum_app
    USING (state = 'pending' AND person_id = (SELECT access.person_id())
           AND organisation_id = (SELECT access.organisation_id()))
    WITH CHECK (state = 'withdrawn');
CREATE CONSTRAINT TRIGGER outgoing_is_audited AFTER INSERT OR UPDATE OF state OR DELETE ON exchange.outgoing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain('secret_sealed');
GRANT SELECT, INSERT, UPDATE (state, attempts, next_attempt_at, last_error, settled_at) ON exchange.outgoing TO vinculum_app;
RESET ROLE;
