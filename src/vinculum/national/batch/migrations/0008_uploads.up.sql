-- Files that arrive in pieces: how far each has come, until when it may go on, and what became of it. The pieces lie in
-- the spool; `received` is what is known to be there durably, and right.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.batch_upload (
    upload_id uuid PRIMARY KEY,
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    byte_count bigint NOT NULL CONSTRAINT batch_upload_is_not_empty CHECK (byte_count > 0),
    received bigint NOT NULL DEFAULT 0,
    begun_at timestamptz NOT NULL,
    begun_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'open'
        CONSTRAINT batch_upload_state_is_known CHECK (state IN ('open', 'taken', 'refused', 'ended')),
    file_id uuid REFERENCES exchange.batch_file,
    fault_code text COLLATE "C",
    fault_line bigint,
    fault_text text COLLATE "C",
    CONSTRAINT batch_upload_receives_no_more_than_it_announced CHECK (received BETWEEN 0 AND byte_count),
    CONSTRAINT batch_upload_taken_has_a_file CHECK ((state = 'taken') = (file_id IS NOT NULL)),
    CONSTRAINT batch_upload_refused_says_why CHECK ((state = 'refused') = (fault_code IS NOT NULL)),
    CONSTRAINT batch_upload_is_whole_when_done CHECK (state NOT IN ('taken', 'refused') OR received = byte_count)
);
CREATE INDEX batch_upload_open ON exchange.batch_upload (jurisdiction, expires_at) WHERE state = 'open';

ALTER TABLE exchange.batch_upload ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.batch_upload FORCE ROW LEVEL SECURITY;
CREATE POLICY batch_upload_for_owner ON exchange.batch_upload TO vinculum_owner USING (true);
CREATE POLICY batch_upload_of_ones_own ON exchange.batch_upload TO vinculum_app
    USING ((SELECT access.kind()) = 'jurisdiction' AND (SELECT access.code()) = jurisdiction);
CREATE POLICY batch_upload_swept_by_the_exchange ON exchange.batch_upload FOR SELECT TO vinculum_app
    USING ((SELECT access.role()) = 'system');
CREATE POLICY batch_upload_ended_by_the_exchange ON exchange.batch_upload FOR UPDATE TO vinculum_app
    USING ((SELECT access.role()) = 'system' AND state = 'open')
    WITH CHECK ((SELECT access.act()) = 'sweep_uploads' AND state = 'ended');
CREATE CONSTRAINT TRIGGER batch_upload_is_audited AFTER INSERT OR DELETE OR UPDATE OF state ON exchange.batch_upload
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();

GRANT SELECT, INSERT, UPDATE (received, expires_at, state, file_id, fault_code, fault_line, fault_text)
    ON exchange.batch_upload TO vinculum_app;
RESET ROLE;
