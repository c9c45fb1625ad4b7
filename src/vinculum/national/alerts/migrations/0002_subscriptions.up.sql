-- Who is told of new alerts, by which way and of which kinds; and what is owed to them, written with each alert.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.alert_subscription (
    person_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    channel text COLLATE "C" NOT NULL
        CONSTRAINT alert_subscription_channel_is_known CHECK (channel IN ('none', 'email', 'webhook')),
    kinds text[] COLLATE "C" NOT NULL CONSTRAINT alert_subscription_kinds_are_known
        CHECK (kinds <@ ARRAY['vehicle', 'document', 'material'] AND (channel = 'none' OR cardinality(kinds) > 0)),
    address text NOT NULL DEFAULT '' CONSTRAINT alert_subscription_address_fits_its_channel CHECK (
        CASE channel WHEN 'email' THEN address ~ '^[^@[:space:]]+@[^@[:space:]]+$'
                     WHEN 'webhook' THEN address ~ '^https://[^[:space:]]+$' ELSE address = '' END),
    secret_sealed text NOT NULL DEFAULT '',
    changed_at timestamptz NOT NULL,
    CONSTRAINT alert_subscription_webhook_is_signed CHECK ((channel = 'webhook') = (secret_sealed <> ''))
);

ALTER TABLE exchange.alert_subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange.alert_subscription FORCE ROW LEVEL SECURITY;
CREATE POLICY alert_subscription_for_owner ON exchange.alert_subscription TO vinculum_owner USING (true);
CREATE POLICY alert_subscription_of_ones_own ON exchange.alert_subscription TO vinculum_app
    USING (person_id = (SELECT access.person_id()) AND organisation_id = (SELECT access.organisation_id()))
    WITH CHECK (person_id = (SELECT access.person_id()) AND organisation_id = (SELECT access.organisation_id())
                AND (SELECT exchange.uses_alerts()));
CREATE CONSTRAINT TRIGGER alert_subscription_is_audited AFTER INSERT OR UPDATE OR DELETE ON exchange.alert_subscription
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain('secret_sealed');
GRANT SELECT, INSERT, UPDATE (channel, kinds, address, secret_sealed, changed_at) ON exchange.alert_subscription
    TO vinculum_app;

-- With each alert, in its own transaction: one piece for each user who wants it, but not for who posted it. It says
-- what kind of alert, of which jurisdiction and its title, and where to read it; never its text.
CREATE FUNCTION exchange.owe_alert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO exchange.outgoing (cause, channel, address, secret_sealed, subject, facts, link, organisation_id,
                                   person_id, next_attempt_at, created_at)
    SELECT 'alert ' || NEW.alert_id || ' for ' || s.person_id, s.channel, s.address, s.secret_sealed,
           left('Alert (' || NEW.kind || coalesce(', ' || NEW.jurisdiction, '') || '): ' || NEW.title, 200),
           jsonb_build_object('event', 'alert.posted', 'alert_id', NEW.alert_id, 'kind', NEW.kind,
                              'jurisdiction', coalesce(NEW.jurisdiction, 'none'), 'title', NEW.title,
                              'posted_at', NEW.posted_at),
           '/title-exchange/alerts/' || NEW.alert_id || '/', s.organisation_id, s.person_id, NEW.posted_at, NEW.posted_at
      FROM exchange.alert_subscription AS s
      JOIN exchange.alert_user AS u ON u.person_id = s.person_id AND u.organisation_id = s.organisation_id
     WHERE s.channel <> 'none' AND NEW.kind = ANY (s.kinds) AND s.person_id <> NEW.posted_by
       AND u.ended_at IS NULL AND u.confirmed_at > now() - interval '1 year';
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION exchange.owe_alert() FROM PUBLIC;
CREATE TRIGGER alert_is_owed_to_who_wants_it AFTER INSERT ON exchange.alert
    FOR EACH ROW EXECUTE FUNCTION exchange.owe_alert();

-- Ending somebody's use takes back what is still owed to them.
CREATE OR REPLACE FUNCTION exchange.end_alert_user(p_person uuid, p_because text, p_words text, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM access.must_be(exchange.administers_alerts() AND access.act() = 'decide_alert_user',
                           'end the use of the alert site');
    UPDATE exchange.alert_user AS u
       SET ended_at = p_at, ended_by = access.person_id(), ended_because = p_because, ended_words = p_words
     WHERE u.person_id = p_person AND u.ended_at IS NULL AND u.approved_at IS NOT NULL
       AND (u.organisation_id = access.organisation_id() OR access.kind() = 'association');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such user' USING ERRCODE = 'P0002';
    END IF;
    UPDATE exchange.outgoing AS g SET state = 'withdrawn', settled_at = p_at
     WHERE g.person_id = p_person AND g.state = 'pending';
    DELETE FROM exchange.alert_subscription AS s WHERE s.person_id = p_person;
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.person_id = p_person AND c.kind = 'session' AND c.revoked_at IS NULL;
END $$;
RESET ROLE;
