-- Who asked, through the exchange, for the live detail of which title (N-202): asked of this state, kept by this state.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
CREATE TABLE outbox.detail_told (
    id uuid PRIMARY KEY,
    message_id uuid NOT NULL,
    origin text COLLATE "C" NOT NULL CONSTRAINT detail_told_origin_has_two_letters CHECK (origin ~ '^[A-Z]{2}$'),
    vin text COLLATE "C" NOT NULL,
    title_number text COLLATE "C" NOT NULL,
    told boolean NOT NULL,
    asked_at timestamptz NOT NULL
);
CREATE INDEX detail_told_by_vehicle ON outbox.detail_told (vin, asked_at);
CREATE TRIGGER detail_told_is_never_changed BEFORE UPDATE OR DELETE ON outbox.detail_told
    FOR EACH ROW EXECUTE FUNCTION access.never();
CREATE TRIGGER detail_told_is_never_emptied BEFORE TRUNCATE ON outbox.detail_told EXECUTE FUNCTION access.never();
ALTER TABLE outbox.detail_told ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox.detail_told FORCE ROW LEVEL SECURITY;
CREATE POLICY detail_told_for_owner ON outbox.detail_told TO vinculum_owner USING (true);
CREATE POLICY detail_told_to_the_exchange ON outbox.detail_told FOR INSERT TO vinculum_app
    WITH CHECK ((SELECT access.role()) = 'exchange_program' AND (SELECT access.act()) = 'tell_title_detail');
CREATE POLICY detail_told_for_the_agency ON outbox.detail_told FOR SELECT TO vinculum_app
    USING ((SELECT access.kind()) IN ('dmv', 'system'));
GRANT SELECT, INSERT ON outbox.detail_told TO vinculum_app;
CREATE CONSTRAINT TRIGGER detail_told_is_audited AFTER INSERT ON outbox.detail_told
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
RESET ROLE;
