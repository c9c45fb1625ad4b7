-- The alert site (N-703): what desks are warned of, with the numbers by which it is found and its files; who may read
-- it, and that they did. Worked by person: where the database is distributed, these tables stay on the coordinator.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

-- How many people of an organisation may use the site at once.
CREATE TABLE exchange.alert_place (
    organisation_id uuid PRIMARY KEY REFERENCES access.organisation,
    most_users smallint NOT NULL DEFAULT 5 CONSTRAINT alert_place_is_for_1_to_50_users CHECK (most_users BETWEEN 1 AND 50)
);

-- Somebody who asked to use it. In use from approval until a year after the last confirmation, or until it is ended.
CREATE TABLE exchange.alert_user (
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    person_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    person_name text NOT NULL,
    role text NOT NULL,
    wanted_for text NOT NULL CONSTRAINT alert_user_says_what_for CHECK (length(wanted_for) BETWEEN 1 AND 400),
    decided_by uuid,
    decided_by_name text,
    approved_at timestamptz,
    confirmed_at timestamptz,
    ended_at timestamptz,
    ended_by uuid,
    ended_because text COLLATE "C" CONSTRAINT alert_user_end_is_known
        CHECK (ended_because IN ('declined', 'withdrawn', 'left', 'not_needed', 'unauthorised_use')),
    ended_words text CONSTRAINT alert_user_end_has_400_characters_at_most CHECK (length(ended_words) <= 400),
    PRIMARY KEY (organisation_id, person_id, asked_at),
    CONSTRAINT alert_user_is_approved_as_a_whole
        CHECK (num_nulls(approved_at, confirmed_at) IN (0, 2) AND (approved_at IS NULL OR decided_by IS NOT NULL)),
    CONSTRAINT alert_user_is_decided_by_another CHECK (decided_by <> person_id),
    CONSTRAINT alert_user_is_ended_as_a_whole CHECK (num_nulls(ended_at, ended_by, ended_because) IN (0, 3)),
    CONSTRAINT alert_user_is_removed_with_a_reason
        CHECK (ended_because IS DISTINCT FROM 'unauthorised_use' OR length(ended_words) >= 1)
);
CREATE UNIQUE INDEX alert_user_once_at_a_time ON exchange.alert_user (person_id) WHERE ended_at IS NULL;

CREATE TABLE exchange.alert (
    alert_id uuid PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CONSTRAINT alert_kind_is_known CHECK (kind IN ('vehicle', 'document', 'material')),
    jurisdiction text COLLATE "C" REFERENCES exchange.jurisdiction,
    title text NOT NULL CONSTRAINT alert_title_has_4_to_140_characters CHECK (length(title) BETWEEN 4 AND 140),
    body text NOT NULL CONSTRAINT alert_body_has_1_to_8000_characters CHECK (length(body) BETWEEN 1 AND 8000),
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    posted_for text NOT NULL,
    posted_at timestamptz NOT NULL,
    posted_by uuid NOT NULL,
    posted_by_name text NOT NULL,
    updated_at timestamptz,
    closed_at timestamptz,
    closed_because text CONSTRAINT alert_reason_has_1_to_400_characters CHECK (length(closed_because) BETWEEN 1 AND 400),
    words tsvector GENERATED ALWAYS AS (to_tsvector('pg_catalog.english'::regconfig, title || ' ' || body)) STORED,
    CONSTRAINT alert_is_closed_with_a_reason CHECK ((closed_at IS NULL) = (closed_because IS NULL))
);
CREATE INDEX alert_by_time ON exchange.alert (posted_at DESC, alert_id DESC);
CREATE INDEX alert_by_kind ON exchange.alert (kind, posted_at DESC, alert_id DESC);
CREATE INDEX alert_by_jurisdiction ON exchange.alert (jurisdiction, posted_at DESC, alert_id DESC);
CREATE INDEX alert_by_words ON exchange.alert USING gin (words);

CREATE TABLE exchange.alert_vin (
    vin text COLLATE "C" NOT NULL CONSTRAINT alert_vin_has_1_to_30_characters CHECK (length(vin) BETWEEN 1 AND 30),
    alert_id uuid NOT NULL REFERENCES exchange.alert,
    PRIMARY KEY (vin, alert_id)
);
CREATE INDEX alert_vin_by_alert ON exchange.alert_vin (alert_id);

-- A document's number stands whole in `prefix`; of a range of serial numbers, its letters do, with the first and the
-- last of its digits, so that they are compared as text of one length.
CREATE TABLE exchange.alert_number (
    prefix text COLLATE "C" NOT NULL,
    first_number text COLLATE "C" NOT NULL DEFAULT '',
    last_number text COLLATE "C" NOT NULL DEFAULT '',
    alert_id uuid NOT NULL REFERENCES exchange.alert,
    PRIMARY KEY (prefix, first_number, last_number, alert_id),
    CONSTRAINT alert_number_is_one_or_a_range CHECK (
        (first_number = '' AND last_number = '' AND length(prefix) BETWEEN 1 AND 40)
        OR (first_number ~ '^[0-9]{1,20}$' AND last_number ~ '^[0-9]{1,20}$' AND length(prefix) <= 20
            AND length(first_number) = length(last_number) AND first_number <= last_number))
);
CREATE INDEX alert_number_by_alert ON exchange.alert_number (alert_id);

-- The bytes lie outside the database, under the name of their SHA-256.
CREATE TABLE exchange.alert_file (
    alert_id uuid NOT NULL REFERENCES exchange.alert,
    position smallint NOT NULL CONSTRAINT alert_has_5_files_at_most CHECK (position BETWEEN 1 AND 5),
    content_name text COLLATE "C" NOT NULL CONSTRAINT alert_file_is_named_by_its_sha256 CHECK (content_name ~ '^[0-9a-f]{64}$'),
    media_type text COLLATE "C" NOT NULL CONSTRAINT alert_file_type_is_known
        CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg', 'text/plain')),
    byte_count integer NOT NULL CONSTRAINT alert_file_has_5_mebibytes_at_most CHECK (byte_count BETWEEN 1 AND 5242880),
    name text NOT NULL CONSTRAINT alert_file_name_has_1_to_80_characters CHECK (length(name) BETWEEN 1 AND 80),
    PRIMARY KEY (alert_id, position)
);

-- Who opened which alert, for the administrator who answers for the use of the site.
CREATE TABLE exchange.alert_opening (
    alert_id uuid NOT NULL REFERENCES exchange.alert,
    person_id uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    PRIMARY KEY (alert_id, person_id, opened_at)
);
CREATE INDEX alert_opening_by_person ON exchange.alert_opening (organisation_id, person_id, opened_at DESC);

-------------------------------------------------------------------------------- who may
CREATE FUNCTION exchange.uses_alerts() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT 1 FROM exchange.alert_user AS u
                    WHERE u.person_id = access.person_id() AND u.organisation_id = access.organisation_id()
                      AND u.ended_at IS NULL AND u.confirmed_at > now() - interval '1 year')
$$;
CREATE FUNCTION exchange.administers_alerts() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(access.role() = 'exchange_administrator', false)
$$;

-- An administrator decides for the own organisation, never on oneself, and only while there is a place.
CREATE FUNCTION exchange.decide_alert_user(p_person uuid, p_name text, p_approve boolean, p_words text, p_at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    most smallint;
BEGIN
    PERFORM access.must_be(exchange.administers_alerts() AND access.act() = 'decide_alert_user'
                           AND p_person <> access.person_id(), 'decide who uses the alert site');
    INSERT INTO exchange.alert_place (organisation_id) VALUES (access.organisation_id()) ON CONFLICT DO NOTHING;
    -- Two administrators who approve at once wait for each other here, so that both count the same users.
    SELECT p.most_users INTO STRICT most FROM exchange.alert_place AS p
     WHERE p.organisation_id = access.organisation_id() FOR UPDATE;
    IF p_approve AND (SELECT count(*) FROM exchange.alert_user AS u
                       WHERE u.organisation_id = access.organisation_id() AND u.ended_at IS NULL
                         AND u.confirmed_at > p_at - interval '1 year' AND u.person_id <> p_person) >= most THEN
        RAISE EXCEPTION 'all % places are taken', most
            USING ERRCODE = '23514', CONSTRAINT = 'alert_users_are_limited';
    END IF;
    UPDATE exchange.alert_user AS u
       SET decided_by = access.person_id(), decided_by_name = p_name,
           approved_at = CASE WHEN p_approve THEN coalesce(u.approved_at, p_at) END,
           confirmed_at = CASE WHEN p_approve THEN p_at END,
           ended_at = CASE WHEN NOT p_approve THEN p_at END,
           ended_by = CASE WHEN NOT p_approve THEN access.person_id() END,
           ended_because = CASE WHEN NOT p_approve THEN 'declined' END,
           ended_words = CASE WHEN NOT p_approve THEN p_words END
     WHERE u.organisation_id = access.organisation_id() AND u.person_id = p_person AND u.ended_at IS NULL
       AND (p_approve OR u.approved_at IS NULL);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such request' USING ERRCODE = 'P0002';
    END IF;
END $$;

-- Ending: by the own administrator, or by the administrator of the association that answers for the whole site. Every
-- session of the person ends with it.
CREATE FUNCTION exchange.end_alert_user(p_person uuid, p_because text, p_words text, p_at timestamptz) RETURNS void
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
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.person_id = p_person AND c.kind = 'session' AND c.revoked_at IS NULL;
END $$;

-- Found by words: row-level security would keep the index from being used, so the question is asked here.
CREATE FUNCTION exchange.alerts_that_say(p_words text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT a.alert_id FROM exchange.alert AS a
     WHERE (SELECT exchange.uses_alerts()) AND a.words @@ websearch_to_tsquery('pg_catalog.english', p_words)
$$;
REVOKE ALL ON FUNCTION exchange.uses_alerts(), exchange.administers_alerts(), exchange.alerts_that_say(text),
    exchange.decide_alert_user(uuid, text, boolean, text, timestamptz),
    exchange.end_alert_user(uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.uses_alerts(), exchange.administers_alerts(), exchange.alerts_that_say(text),
    exchange.decide_alert_user(uuid, text, boolean, text, timestamptz),
    exchange.end_alert_user(uuid, text, text, timestamptz) TO vinculum_app;

-------------------------------------------------------------------------------- walls
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['alert_place', 'alert_user', 'alert', 'alert_vin', 'alert_number', 'alert_file',
                             'alert_opening'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain(''words'')',
                       t || '_is_audited', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['alert', 'alert_vin', 'alert_number', 'alert_file'] LOOP
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR SELECT TO vinculum_app '
                       'USING ((SELECT exchange.uses_alerts()))', t || '_for_its_users', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['alert_vin', 'alert_number', 'alert_file'] LOOP
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR INSERT TO vinculum_app WITH CHECK ('
                       '(SELECT access.act()) = ''post_alert'' AND EXISTS (SELECT 1 FROM exchange.alert AS a '
                       'WHERE a.alert_id = %I.alert_id AND a.posted_by = (SELECT access.person_id()) '
                       'AND a.closed_at IS NULL))', t || '_with_ones_own', t, t);
    END LOOP;
END $$;
CREATE POLICY alert_by_its_users ON exchange.alert FOR INSERT TO vinculum_app WITH CHECK (
    (SELECT exchange.uses_alerts()) AND (SELECT access.act()) = 'post_alert'
    AND organisation_id = (SELECT access.organisation_id()) AND posted_by = (SELECT access.person_id()));
-- Mended and closed by the organisation that posted it, or by the association; what is closed stays closed.
CREATE POLICY alert_kept_by_who_posted ON exchange.alert FOR UPDATE TO vinculum_app
    USING ((SELECT exchange.uses_alerts()) AND (SELECT access.act()) = 'post_alert' AND closed_at IS NULL
           AND (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) = 'association'))
    WITH CHECK (true);

CREATE POLICY alert_user_asks ON exchange.alert_user FOR INSERT TO vinculum_app WITH CHECK (
    (SELECT access.act()) = 'ask_alert_access' AND person_id = (SELECT access.person_id())
    AND organisation_id = (SELECT access.organisation_id()) AND (SELECT access.kind()) IN ('jurisdiction', 'association')
    AND num_nonnulls(decided_by, approved_at, ended_at) = 0);
-- The association's administrator sees who was removed anywhere, for the site is the association's.
CREATE POLICY alert_user_and_who_decides ON exchange.alert_user FOR SELECT TO vinculum_app USING (
    (person_id = (SELECT access.person_id()) AND organisation_id = (SELECT access.organisation_id()))
    OR ((SELECT exchange.administers_alerts())
        AND (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) = 'association')));
CREATE POLICY alert_place_of_ones_own ON exchange.alert_place FOR SELECT TO vinculum_app USING (
    organisation_id = (SELECT access.organisation_id()) OR (SELECT access.role()) = 'system');
CREATE POLICY alert_place_by_the_operator ON exchange.alert_place FOR INSERT TO vinculum_app
    WITH CHECK ((SELECT access.role()) = 'system');
CREATE POLICY alert_place_changed_by_the_operator ON exchange.alert_place FOR UPDATE TO vinculum_app
    USING ((SELECT access.role()) = 'system');
CREATE POLICY alert_opening_in_ones_own_name ON exchange.alert_opening FOR INSERT TO vinculum_app WITH CHECK (
    (SELECT exchange.uses_alerts()) AND person_id = (SELECT access.person_id())
    AND organisation_id = (SELECT access.organisation_id()));
CREATE POLICY alert_opening_for_who_decides ON exchange.alert_opening FOR SELECT TO vinculum_app USING (
    (SELECT exchange.administers_alerts())
    AND (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) = 'association'));

GRANT SELECT, INSERT ON exchange.alert_vin, exchange.alert_number, exchange.alert_file, exchange.alert_opening,
    exchange.alert_user TO vinculum_app;
GRANT SELECT, INSERT, UPDATE (most_users) ON exchange.alert_place TO vinculum_app;
GRANT SELECT, INSERT (alert_id, kind, jurisdiction, title, body, organisation_id, posted_for, posted_at, posted_by,
                      posted_by_name),
      UPDATE (title, body, updated_at, closed_at, closed_because) ON exchange.alert TO vinculum_app;
RESET ROLE;
