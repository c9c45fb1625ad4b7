-- Reporters of junk and salvage (28 CFR Part 25) become organisations with a role of their own; title clerks and the
-- help desk get their acts at the exchange. Whoever signs in does so in the state's database; the exchange's database
-- takes the program's word for it, for minutes at a time.
SET ROLE vinculum_owner;
ALTER TABLE access.organisation DROP CONSTRAINT organisation_kind_is_known;
ALTER TABLE access.organisation ADD CONSTRAINT organisation_kind_is_known CHECK (kind IN
    ('dealer', 'dmv', 'town', 'jurisdiction', 'association', 'reporter', 'consumer', 'system'));
INSERT INTO access.role_kind VALUES ('jsi_reporter', 'reporter', false);
INSERT INTO access.permission VALUES
    ('jsi_reporter', 'decode_vin', 'any'), ('jsi_reporter', 'show_vehicle_history', 'any'),
    ('jsi_reporter', 'show_my_sign_in', 'own'), ('jsi_reporter', 'report_jsi', 'own'),
    ('help_desk', 'show_reporters', 'any'), ('help_desk', 'register_reporter', 'any'),
    ('help_desk', 'show_exchange_desk', 'any'), ('help_desk', 'keep_contact', 'any'),
    ('help_desk', 'work_exchange_case', 'any'), ('title_clerk', 'show_exchange_desk', 'own'),
    ('title_clerk', 'keep_contact', 'own'), ('title_clerk', 'work_exchange_case', 'own'),
    ('system', 'register_reporter', 'any'), ('system', 'vouch_for_session', 'any');

-- A session of somebody who signed in elsewhere, on the program's word. It lives a quarter of an hour and is renewed
-- while the person works; where people sign in themselves, sessions are opened and nobody is vouched for.
CREATE FUNCTION access.vouch_for_session(
    p_id uuid, p_token_hash bytea, p_person uuid, p_person_name text, p_organisation uuid, p_role text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    PERFORM access.must_be(access.role() = 'system' AND p_role <> 'system' AND access.known_person(p_person) IS NULL,
                           'vouch for a session');
    -- The role stands as the person has it where they signed in; here it must be one of the organisation's kind,
    -- or one in which an agency's people speak for their jurisdiction.
    IF NOT EXISTS (SELECT 1 FROM access.role_kind AS k JOIN access.organisation AS o
                      ON o.kind = k.organisation_kind OR (o.kind = 'jurisdiction' AND k.organisation_kind = 'dmv')
                    WHERE o.id = p_organisation AND o.ended_at IS NULL AND k.role = p_role) THEN
        RAISE EXCEPTION 'there is no role % in this organisation', p_role
            USING ERRCODE = '23514', CONSTRAINT = 'session_role_belongs_to_the_kind';
    END IF;
    INSERT INTO access.credential AS c (token_hash, id, kind, person_id, person_name, organisation_id, role, created_at,
                                        expires_at, idle_seconds, last_seen_at)
    VALUES (p_token_hash, p_id, 'session', p_person, p_person_name, p_organisation, p_role, at,
            at + interval '15 minutes', 0, at)
    ON CONFLICT (token_hash) DO UPDATE SET expires_at = excluded.expires_at, last_seen_at = excluded.last_seen_at
     WHERE c.person_id = excluded.person_id AND c.organisation_id = excluded.organisation_id
       AND c.role = excluded.role AND c.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this secret is another''s' USING ERRCODE = '28000';
    END IF;
END $$;
REVOKE ALL ON FUNCTION access.vouch_for_session(uuid, bytea, uuid, text, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.vouch_for_session(uuid, bytea, uuid, text, uuid, text) TO vinculum_app;

CREATE OR REPLACE FUNCTION access.issue_key(
    p_id uuid, p_token_hash bytea, p_prefix text, p_label text, p_organisation uuid, p_role text, p_scopes text[],
    p_addresses inet[], p_live boolean, p_expires_at timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    PERFORM access.must_be(((access.role() IN ('dmv_administrator', 'dealer_manager') AND p_role <> 'system')
                            OR (access.role() = 'system' AND p_role IN ('exchange_client', 'jsi_reporter')))
                           AND access.governs(p_organisation, p_role), 'issue a key');
    IF NOT EXISTS (SELECT 1 FROM access.role_kind AS k JOIN access.organisation AS o ON o.kind = k.organisation_kind
                    WHERE o.id = p_organisation AND o.ended_at IS NULL AND k.role = p_role
                      AND NOT k.needs_second) THEN
        RAISE EXCEPTION 'there is no role % for a key of this organisation', p_role
            USING ERRCODE = '23514', CONSTRAINT = 'key_role_belongs_to_the_kind';
    END IF;
    IF cardinality(p_scopes) = 0 OR EXISTS (
        SELECT 1 FROM unnest(p_scopes) AS s (act)
         WHERE NOT EXISTS (SELECT 1 FROM access.permission AS p WHERE p.role = p_role AND p.act = s.act)) THEN
        RAISE EXCEPTION 'the scopes of a key are acts of its role'
            USING ERRCODE = '23514', CONSTRAINT = 'key_scopes_are_acts_of_its_role';
    END IF;
    IF p_expires_at > at + interval '400 days' THEN
        RAISE EXCEPTION 'a key lives 400 days at most' USING ERRCODE = '23514', CONSTRAINT = 'key_expires_within_400_days';
    END IF;
    -- Two may live at once, the old one and its successor; a third would be one nobody remembers.
    PERFORM 1 FROM access.organisation AS o WHERE o.id = p_organisation FOR UPDATE;
    IF (SELECT count(*) FROM access.credential AS c
         WHERE c.organisation_id = p_organisation AND c.kind = 'api_key' AND c.label = p_label AND c.live = p_live
           AND c.revoked_at IS NULL AND c.expires_at > at) >= 2 THEN
        RAISE EXCEPTION 'this client has two keys already; revoke one'
            USING ERRCODE = '23514', CONSTRAINT = 'key_two_at_once_per_client';
    END IF;
    INSERT INTO access.credential (token_hash, id, kind, prefix, label, person_id, person_name, organisation_id, role,
                                   scopes, addresses, live, created_at, expires_at, last_seen_at)
    VALUES (p_token_hash, p_id, 'api_key', p_prefix, p_label, access.person_id(), p_label, p_organisation, p_role,
            p_scopes, p_addresses, p_live, at, p_expires_at, at);
END $$;
RESET ROLE;
