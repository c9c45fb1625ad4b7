-- What the state owes the national exchange: a message is written in the same transaction as the work that it
-- tells of, and delivered after, in order per VIN, until the exchange has answered.
SET ROLE vinculum_owner;

CREATE SCHEMA outbox;

CREATE TABLE outbox.message (
    id uuid PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    application_id uuid NOT NULL REFERENCES work.application,
    kind text NOT NULL,
    vin text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending'
        CONSTRAINT outbox_state_is_known CHECK (state IN ('pending', 'accepted', 'refused')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    answered_at timestamptz,
    answer jsonb,
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    CONSTRAINT answered_message_has_its_answer CHECK ((state = 'pending') = (answer IS NULL))
);
CREATE INDEX message_pending_by_time ON outbox.message (next_attempt_at) WHERE state = 'pending';
CREATE INDEX message_pending_by_vin ON outbox.message (vin, position) WHERE state = 'pending';
CREATE INDEX message_by_application ON outbox.message (application_id);
CREATE INDEX message_refused ON outbox.message (created_at) WHERE state = 'refused';

CREATE FUNCTION outbox.guard_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.state <> 'pending' OR NEW.body <> OLD.body OR NEW.vin <> OLD.vin OR NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'an answered message is never changed and none is deleted' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_is_answered_once BEFORE UPDATE OR DELETE ON outbox.message
    FOR EACH ROW EXECUTE FUNCTION outbox.guard_message();
CREATE TRIGGER message_is_never_emptied BEFORE TRUNCATE ON outbox.message EXECUTE FUNCTION access.never();

ALTER TABLE outbox.message ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox.message FORCE ROW LEVEL SECURITY;
CREATE POLICY message_for_owner ON outbox.message TO vinculum_owner USING (true);
CREATE POLICY message_of_ones_own ON outbox.message TO vinculum_app
    USING (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) IN ('dmv', 'system'));
GRANT USAGE ON SCHEMA outbox TO vinculum_app;
GRANT SELECT, INSERT, UPDATE (state, attempts, next_attempt_at, answered_at, answer, last_error) ON outbox.message
   TO vinculum_app;
CREATE CONSTRAINT TRIGGER message_is_audited AFTER INSERT ON outbox.message
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
RESET ROLE;
