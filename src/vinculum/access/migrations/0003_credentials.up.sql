-- How credentials come and go: sessions, API keys and services are made by functions that ask in whose name they
-- are called, so that an injected statement cannot make itself a credential. Leaving revokes at once. A second
-- administrator decides who becomes an administrator.

-------------------------------------------------------------------------------- people, read by the owner
-- Sign-in's table belongs to the migration login; this is all that the functions below see of it.
CREATE FUNCTION access.known_person(p_person uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT p.name FROM public.access_person AS p WHERE p.id = p_person AND p.is_active
$$;
REVOKE ALL ON FUNCTION access.known_person(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.known_person(uuid) TO vinculum_owner;

SET ROLE vinculum_owner;

-------------------------------------------------------------------------------- what a role is
CREATE TABLE access.role_kind (
    role text NOT NULL,
    organisation_kind text NOT NULL,
    needs_second boolean NOT NULL,
    PRIMARY KEY (role, organisation_kind)
);
INSERT INTO access.role_kind VALUES
    ('dealer_clerk', 'dealer', false),
    ('dealer_manager', 'dealer', false),
    ('dmv_examiner', 'dmv', false),
    ('dmv_administrator', 'dmv', true),
    ('title_clerk', 'dmv', false),
    ('title_clerk', 'jurisdiction', false),
    ('help_desk', 'association', false),
    ('help_desk', 'dmv', false),
    ('tax_collector', 'town', false),
    ('assessor', 'town', false),
    ('association_accountant', 'association', false),
    ('system', 'system', false);

-- The permission table of `vinculum/access/permissions.py`, for the scopes of keys. A test keeps the two equal.
CREATE TABLE access.permission (
    role text NOT NULL,
    act text NOT NULL,
    relation text NOT NULL CONSTRAINT relation_is_own_or_any CHECK (relation IN ('own', 'any')),
    PRIMARY KEY (role, act)
);
INSERT INTO access.permission VALUES
    ('dealer_clerk', 'decode_vin', 'any'), ('dealer_clerk', 'show_vehicle_history', 'any'),
    ('dealer_clerk', 'show_my_sign_in', 'own'), ('dealer_clerk', 'find_customer', 'any'),
    ('dealer_clerk', 'quote_registration', 'own'), ('dealer_clerk', 'hold_application', 'own'),
    ('dealer_clerk', 'release_application', 'own'), ('dealer_clerk', 'abandon_application', 'own'),
    ('dealer_clerk', 'register_vehicle', 'own'), ('dealer_clerk', 'void_registration', 'own'),
    ('dealer_clerk', 'list_applications', 'own'), ('dealer_clerk', 'show_application', 'own'),
    ('dealer_clerk', 'print_certificate', 'own'), ('dealer_clerk', 'show_stock', 'own'),
    ('dealer_clerk', 'show_funds', 'own'), ('dealer_manager', 'decode_vin', 'any'),
    ('dealer_manager', 'show_vehicle_history', 'any'), ('dealer_manager', 'show_my_sign_in', 'own'),
    ('dealer_manager', 'find_customer', 'any'), ('dealer_manager', 'quote_registration', 'own'),
    ('dealer_manager', 'hold_application', 'own'), ('dealer_manager', 'release_application', 'own'),
    ('dealer_manager', 'abandon_application', 'own'), ('dealer_manager', 'register_vehicle', 'own'),
    ('dealer_manager', 'void_registration', 'own'), ('dealer_manager', 'list_applications', 'own'),
    ('dealer_manager', 'show_application', 'own'), ('dealer_manager', 'print_certificate', 'own'),
    ('dealer_manager', 'show_stock', 'own'), ('dealer_manager', 'show_funds', 'own'),
    ('dealer_manager', 'create_person', 'own'), ('dealer_manager', 'grant_role', 'own'),
    ('dealer_manager', 'issue_api_key', 'own'), ('dealer_manager', 'revoke_api_key', 'own'),
    ('dmv_examiner', 'decode_vin', 'any'), ('dmv_examiner', 'show_vehicle_history', 'any'),
    ('dmv_examiner', 'show_my_sign_in', 'own'), ('dmv_examiner', 'find_customer', 'any'),
    ('dmv_examiner', 'quote_registration', 'any'), ('dmv_examiner', 'void_registration', 'any'),
    ('dmv_examiner', 'list_applications', 'any'), ('dmv_examiner', 'show_application', 'any'),
    ('dmv_examiner', 'print_certificate', 'any'), ('dmv_examiner', 'show_stock', 'any'),
    ('dmv_examiner', 'show_funds', 'any'), ('dmv_examiner', 'search_book', 'any'),
    ('dmv_examiner', 'show_customer_story', 'any'), ('dmv_examiner', 'show_vehicle_story', 'any'),
    ('dmv_examiner', 'show_title_story', 'any'), ('dmv_examiner', 'put_on_stop', 'any'),
    ('dmv_examiner', 'take_off_stop', 'any'), ('dmv_examiner', 'keep_customer', 'any'),
    ('dmv_examiner', 'keep_lienholder', 'any'), ('dmv_examiner', 'keep_dealer_paper', 'any'),
    ('dmv_examiner', 'add_stock', 'any'), ('dmv_administrator', 'decode_vin', 'any'),
    ('dmv_administrator', 'show_vehicle_history', 'any'), ('dmv_administrator', 'show_my_sign_in', 'own'),
    ('dmv_administrator', 'find_customer', 'any'), ('dmv_administrator', 'quote_registration', 'any'),
    ('dmv_administrator', 'void_registration', 'any'), ('dmv_administrator', 'list_applications', 'any'),
    ('dmv_administrator', 'show_application', 'any'), ('dmv_administrator', 'print_certificate', 'any'),
    ('dmv_administrator', 'show_stock', 'any'), ('dmv_administrator', 'show_funds', 'any'),
    ('dmv_administrator', 'search_book', 'any'), ('dmv_administrator', 'show_customer_story', 'any'),
    ('dmv_administrator', 'show_vehicle_story', 'any'), ('dmv_administrator', 'show_title_story', 'any'),
    ('dmv_administrator', 'put_on_stop', 'any'), ('dmv_administrator', 'take_off_stop', 'any'),
    ('dmv_administrator', 'keep_customer', 'any'), ('dmv_administrator', 'keep_lienholder', 'any'),
    ('dmv_administrator', 'keep_dealer_paper', 'any'), ('dmv_administrator', 'add_stock', 'any'),
    ('dmv_administrator', 'load_reference', 'any'), ('dmv_administrator', 'create_organisation', 'any'),
    ('dmv_administrator', 'create_person', 'any'), ('dmv_administrator', 'grant_role', 'any'),
    ('dmv_administrator', 'issue_api_key', 'any'), ('dmv_administrator', 'revoke_api_key', 'any'),
    ('dmv_administrator', 'verify_audit', 'any'), ('title_clerk', 'decode_vin', 'any'),
    ('title_clerk', 'show_vehicle_history', 'any'), ('title_clerk', 'show_my_sign_in', 'own'),
    ('title_clerk', 'find_customer', 'any'), ('title_clerk', 'search_book', 'any'),
    ('title_clerk', 'show_customer_story', 'any'), ('title_clerk', 'show_vehicle_story', 'any'),
    ('title_clerk', 'show_title_story', 'any'), ('help_desk', 'decode_vin', 'any'),
    ('help_desk', 'show_vehicle_history', 'any'), ('help_desk', 'show_my_sign_in', 'own'),
    ('help_desk', 'list_applications', 'any'), ('help_desk', 'show_stock', 'any'),
    ('tax_collector', 'decode_vin', 'any'), ('tax_collector', 'show_vehicle_history', 'any'),
    ('tax_collector', 'show_my_sign_in', 'own'), ('tax_collector', 'find_customer', 'any'),
    ('tax_collector', 'put_on_stop', 'own'), ('tax_collector', 'take_off_stop', 'own'),
    ('assessor', 'decode_vin', 'any'), ('assessor', 'show_vehicle_history', 'any'),
    ('assessor', 'show_my_sign_in', 'own'), ('association_accountant', 'decode_vin', 'any'),
    ('association_accountant', 'show_vehicle_history', 'any'),
    ('association_accountant', 'show_my_sign_in', 'own'), ('association_accountant', 'show_funds', 'any'),
    ('association_accountant', 'deposit_funds', 'any'), ('system', 'decode_vin', 'any'),
    ('system', 'show_vehicle_history', 'any'), ('system', 'search_book', 'any'),
    ('system', 'keep_customer', 'any'), ('system', 'keep_lienholder', 'any'),
    ('system', 'keep_dealer_paper', 'any'), ('system', 'put_on_stop', 'any'),
    ('system', 'take_off_stop', 'any'), ('system', 'add_stock', 'any'), ('system', 'deposit_funds', 'any'),
    ('system', 'convert_record', 'any'), ('system', 'deliver_messages', 'any'),
    ('system', 'load_reference', 'any'), ('system', 'create_organisation', 'any'),
    ('system', 'create_person', 'any'), ('system', 'grant_role', 'any'), ('system', 'verify_audit', 'any'),
    ('system', 'open_session', 'any'), ('system', 'list_applications', 'any'),
    ('system', 'show_stock', 'any'), ('system', 'show_funds', 'any');

CREATE TABLE access.membership_request (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    role text NOT NULL,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    approved boolean,
    CONSTRAINT membership_request_is_decided_as_a_whole
        CHECK (num_nulls(decided_by, decided_at, approved) IN (0, 3)),
    CONSTRAINT membership_request_is_decided_by_another
        CHECK (decided_by NOT IN (requested_by, person_id))
);
CREATE INDEX membership_request_by_organisation ON access.membership_request (organisation_id);
CREATE UNIQUE INDEX membership_request_one_open_per_person ON access.membership_request (person_id)
    WHERE decided_at IS NULL;

-------------------------------------------------------------------------------- in whose name
CREATE FUNCTION access.must_be(allowed boolean, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF allowed IS NOT TRUE THEN
        RAISE EXCEPTION 'not permitted: %', what USING ERRCODE = '42501';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION access.enter(
    token text, client_address text, request_id text, terminal text, act text, ticket uuid DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    c record;
    body text;
    shown text := '';
BEGIN
    SELECT cr.id, cr.kind AS credential_kind, cr.scopes, cr.person_id, cr.organisation_id, cr.role, cr.addresses, cr.idle_seconds, cr.last_seen_at,
           cr.expires_at, o.kind, o.code
      INTO c
      FROM access.credential AS cr JOIN access.organisation AS o ON o.id = cr.organisation_id
     WHERE cr.token_hash = sha256(convert_to(token, 'UTF8'))
       AND cr.revoked_at IS NULL AND o.ended_at IS NULL AND cr.expires_at > now()
       AND (cr.idle_seconds = 0 OR cr.last_seen_at > now() - make_interval(secs => cr.idle_seconds));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no valid credential' USING ERRCODE = '28000';
    END IF;
    IF cardinality(c.addresses) > 0
       AND (client_address = '' OR NOT (client_address::inet <<= ANY (c.addresses))) THEN
        RAISE EXCEPTION 'address not registered for this credential' USING ERRCODE = '28000';
    END IF;
    IF c.credential_kind = 'api_key' AND NOT (act = ANY (c.scopes)) THEN
        RAISE EXCEPTION 'the scopes of this key do not include %', act USING ERRCODE = '42501';
    END IF;
    IF ticket IS NOT NULL THEN
        PERFORM 1 FROM access.disclosure AS d
          WHERE d.ticket = enter.ticket AND d.person_id = c.person_id AND d.organisation_id = c.organisation_id
            AND d.recorded_in IS DISTINCT FROM pg_current_xact_id_if_assigned()
            AND d.recorded_at > clock_timestamp() - interval '5 minutes';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no committed purpose record of yours for this disclosure' USING ERRCODE = '42501';
        END IF;
        shown := ticket::text;
    END IF;
    body := concat_ws('|', c.person_id, c.organisation_id, c.kind, c.code, c.role, c.id,
                      client_address, translate(request_id, '|#', '__'), translate(terminal, '|#', '__'),
                      translate(act, '|#', '__'), shown,
                      pg_backend_pid(), extract(epoch FROM transaction_timestamp()));
    PERFORM set_config('vinculum.context', body || '#' || access.seal(body), true);
END $$;

-------------------------------------------------------------------------------- organisations
CREATE FUNCTION access.create_organisation(p_id uuid, p_kind text, p_code text, p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM access.must_be(access.role() IN ('dmv_administrator', 'system') AND p_kind <> 'system',
                           'create an organisation');
    INSERT INTO access.organisation (id, kind, code, name, created_at)
    VALUES (p_id, p_kind, p_code, p_name, clock_timestamp());
END $$;

-------------------------------------------------------------------------------- memberships
-- Whether the actor may decide who belongs to an organisation and in which role.
CREATE FUNCTION access.governs(p_organisation uuid, p_role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT coalesce(access.role() IN ('dmv_administrator', 'system')
                    OR (access.role() = 'dealer_manager' AND access.organisation_id() = p_organisation
                        AND p_role IN ('dealer_clerk', 'dealer_manager')), false)
$$;

CREATE FUNCTION access.write_membership(p_person uuid, p_organisation uuid, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM access.must_be(p_role <> 'system', 'make a person the program itself');
    IF access.known_person(p_person) IS NULL THEN
        RAISE EXCEPTION 'there is no active person %', p_person USING ERRCODE = '23503';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM access.role_kind AS k JOIN access.organisation AS o ON o.kind = k.organisation_kind
                    WHERE o.id = p_organisation AND o.ended_at IS NULL AND k.role = p_role) THEN
        RAISE EXCEPTION 'there is no role % in this organisation', p_role
            USING ERRCODE = '23514', CONSTRAINT = 'membership_role_belongs_to_the_kind';
    END IF;
    INSERT INTO access.membership (person_id, organisation_id, role, since, granted_by)
    VALUES (p_person, p_organisation, p_role, clock_timestamp(), access.person_id());
END $$;

-- The first two administrators are made by the service that sets the house up; from then on it takes two people.
CREATE FUNCTION access.begin_membership(p_person uuid, p_organisation uuid, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM access.must_be(access.governs(p_organisation, p_role) AND p_role <> 'system', 'begin a membership');
    IF EXISTS (SELECT 1 FROM access.role_kind AS k WHERE k.role = p_role AND k.needs_second) THEN
        PERFORM pg_advisory_xact_lock(hashtext('access.membership of administrators'));
        PERFORM access.must_be(
            access.role() = 'system'
            AND (SELECT count(*) FROM access.membership AS m WHERE m.role = p_role AND m.ended_at IS NULL) < 2,
            'grant this role alone; ask with request_membership');
    END IF;
    PERFORM access.write_membership(p_person, p_organisation, p_role);
END $$;

CREATE FUNCTION access.request_membership(p_id uuid, p_person uuid, p_organisation uuid, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM access.must_be(access.role() = 'dmv_administrator', 'ask for a membership');
    INSERT INTO access.membership_request (id, person_id, organisation_id, role, requested_by, requested_at)
    VALUES (p_id, p_person, p_organisation, p_role, access.person_id(), clock_timestamp());
END $$;

CREATE FUNCTION access.decide_membership(p_id uuid, p_approve boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    r record;
BEGIN
    PERFORM access.must_be(access.role() = 'dmv_administrator', 'decide on a membership');
    UPDATE access.membership_request AS m
       SET decided_by = access.person_id(), decided_at = clock_timestamp(), approved = p_approve
     WHERE m.id = p_id AND m.decided_at IS NULL
    RETURNING m.person_id, m.organisation_id, m.role INTO r;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no open request %', p_id USING ERRCODE = 'P0002';
    END IF;
    IF p_approve THEN
        PERFORM access.write_membership(r.person_id, r.organisation_id, r.role);
    END IF;
END $$;

-- Leaving: the membership ends, and with it every session and key of the person, in one transaction.
CREATE FUNCTION access.end_membership(p_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    m record;
BEGIN
    SELECT x.organisation_id, x.role INTO m FROM access.membership AS x
     WHERE x.person_id = p_person AND x.ended_at IS NULL FOR UPDATE;
    PERFORM access.must_be(access.governs(m.organisation_id, m.role), 'end a membership');
    UPDATE access.membership AS x SET ended_at = greatest(clock_timestamp(), x.since)
     WHERE x.person_id = p_person AND x.ended_at IS NULL;
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.person_id = p_person AND c.kind IN ('session', 'api_key') AND c.revoked_at IS NULL;
END $$;

-------------------------------------------------------------------------------- sessions
-- Only the sign-in desk opens sessions: it acts with the service credential, after it has checked both factors.
CREATE FUNCTION access.open_session(p_id uuid, p_token_hash bytea, p_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    m record;
    at timestamptz := clock_timestamp();
BEGIN
    PERFORM access.must_be(access.role() = 'system', 'open a session');
    -- The share lock makes a membership that ends at this moment revoke the new session too.
    SELECT x.organisation_id, x.role, o.kind, access.known_person(p_person) AS name INTO m
      FROM access.membership AS x JOIN access.organisation AS o ON o.id = x.organisation_id
     WHERE x.person_id = p_person AND x.ended_at IS NULL AND o.ended_at IS NULL FOR SHARE OF x;
    IF m.name IS NULL THEN
        RAISE EXCEPTION 'this person belongs to no organisation' USING ERRCODE = '28000';
    END IF;
    INSERT INTO access.credential (token_hash, id, kind, person_id, person_name, organisation_id, role, created_at,
                                   expires_at, idle_seconds, last_seen_at)
    VALUES (p_token_hash, p_id, 'session', p_person, m.name, m.organisation_id, m.role, at, at + interval '12 hours',
            CASE WHEN m.kind IN ('dmv', 'system') THEN 900 ELSE 1800 END, at);
END $$;

-- Whose secret this is, if it still holds. Marks it as seen, at most twice a minute.
CREATE FUNCTION access.recognise(p_token text) RETURNS TABLE (
    credential_kind text, person_id uuid, person_name text, organisation_id uuid, organisation_kind text,
    organisation_code text, organisation_name text, role text, scopes text[], addresses inet[], live boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hash bytea := sha256(convert_to(p_token, 'UTF8'));
BEGIN
    RETURN QUERY
        SELECT c.kind, c.person_id, c.person_name, c.organisation_id, o.kind, o.code, o.name, c.role, c.scopes,
               c.addresses, c.live
          FROM access.credential AS c JOIN access.organisation AS o ON o.id = c.organisation_id
         WHERE c.token_hash = hash AND c.revoked_at IS NULL AND o.ended_at IS NULL AND c.expires_at > now()
           AND (c.idle_seconds = 0 OR c.last_seen_at > now() - make_interval(secs => c.idle_seconds));
    IF FOUND THEN
        UPDATE access.credential AS c SET last_seen_at = now()
         WHERE c.token_hash = hash AND c.last_seen_at < now() - interval '30 seconds';
    END IF;
END $$;

-- Signing out needs no more than the secret itself.
CREATE FUNCTION access.close_session(p_token text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.token_hash = sha256(convert_to(p_token, 'UTF8')) AND c.kind = 'session' AND c.revoked_at IS NULL
$$;

CREATE FUNCTION access.close_sessions(p_person uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    closed integer;
    m record;
BEGIN
    SELECT x.organisation_id, x.role INTO m FROM access.membership AS x
     WHERE x.person_id = p_person AND x.ended_at IS NULL;
    PERFORM access.must_be(access.person_id() = p_person OR access.governs(m.organisation_id, m.role),
                           'close these sessions');
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.person_id = p_person AND c.kind = 'session' AND c.revoked_at IS NULL;
    GET DIAGNOSTICS closed = ROW_COUNT;
    RETURN closed;
END $$;

-------------------------------------------------------------------------------- API keys
CREATE FUNCTION access.issue_key(
    p_id uuid, p_token_hash bytea, p_prefix text, p_label text, p_organisation uuid, p_role text, p_scopes text[],
    p_addresses inet[], p_live boolean, p_expires_at timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    PERFORM access.must_be(access.role() IN ('dmv_administrator', 'dealer_manager') AND p_role <> 'system'
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

CREATE FUNCTION access.revoke_key(p_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.id = p_id AND c.kind = 'api_key' AND c.revoked_at IS NULL
       AND access.role() IN ('dmv_administrator', 'dealer_manager') AND access.governs(c.organisation_id, c.role);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such key of yours' USING ERRCODE = 'P0002';
    END IF;
END $$;

-------------------------------------------------------------------------------- purposes
-- 18 U.S.C. 2721(b): who may name which purpose. Kept equal to the jurisdiction's purposes by a test.
CREATE TABLE access.purpose (
    code text NOT NULL,
    organisation_kind text NOT NULL,
    citation text NOT NULL,
    PRIMARY KEY (code, organisation_kind)
);
INSERT INTO access.purpose VALUES
    ('government_agency', 'dmv', '18 U.S.C. 2721(b)(1)'),
    ('government_agency', 'jurisdiction', '18 U.S.C. 2721(b)(1)'),
    ('government_agency', 'town', '18 U.S.C. 2721(b)(1)'),
    ('vehicle_safety_and_theft', 'dealer', '18 U.S.C. 2721(b)(2)'),
    ('vehicle_safety_and_theft', 'dmv', '18 U.S.C. 2721(b)(2)'),
    ('vehicle_safety_and_theft', 'jurisdiction', '18 U.S.C. 2721(b)(2)'),
    ('verification_by_business', 'dealer', '18 U.S.C. 2721(b)(3)'),
    ('verification_by_business', 'dmv', '18 U.S.C. 2721(b)(3)'),
    ('legal_proceeding', 'dmv', '18 U.S.C. 2721(b)(4)'),
    ('legal_proceeding', 'jurisdiction', '18 U.S.C. 2721(b)(4)'),
    ('legal_proceeding', 'town', '18 U.S.C. 2721(b)(4)'),
    ('research', 'dmv', '18 U.S.C. 2721(b)(5)'),
    ('insurance', 'dmv', '18 U.S.C. 2721(b)(6)'),
    ('towed_vehicle_notice', 'dmv', '18 U.S.C. 2721(b)(7)'),
    ('towed_vehicle_notice', 'town', '18 U.S.C. 2721(b)(7)'),
    ('consent_of_individual', 'dealer', '18 U.S.C. 2721(b)(13)'),
    ('consent_of_individual', 'dmv', '18 U.S.C. 2721(b)(13)'),
    ('state_law_safety', 'dmv', '18 U.S.C. 2721(b)(14)'),
    ('state_law_safety', 'jurisdiction', '18 U.S.C. 2721(b)(14)'),
    ('state_law_safety', 'town', '18 U.S.C. 2721(b)(14)');

CREATE OR REPLACE FUNCTION access.record_disclosure(
    p_ticket uuid, p_act text, p_purpose text, p_case_reference text, p_subject text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF access.person_id() IS NULL THEN
        RAISE EXCEPTION 'nobody is acting' USING ERRCODE = '28000';
    END IF;
    -- 'off' and 'local' can lose the record on a crash of this server or of the one that takes over.
    IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        RAISE EXCEPTION 'a purpose record must be committed durably' USING ERRCODE = '55000';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM access.purpose AS p
                    WHERE p.code = p_purpose AND p.organisation_kind = access.kind()) THEN
        RAISE EXCEPTION 'the purpose % is not open to a % organisation', p_purpose, access.kind()
            USING ERRCODE = '42501', CONSTRAINT = 'purpose_is_open_to_the_kind';
    END IF;
    INSERT INTO access.disclosure (ticket, person_id, organisation_id, role, act, purpose, case_reference,
                                   subject, client_address, request_id)
    VALUES (p_ticket, access.person_id(), access.organisation_id(), access.role(), p_act, p_purpose,
            p_case_reference, p_subject, coalesce(access.claim(7), ''), coalesce(access.claim(8), ''));
END $$;

-------------------------------------------------------------------------------- walls
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['credential', 'membership', 'membership_request'] LOOP
        EXECUTE format('ALTER TABLE access.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE access.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON access.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON access.%I EXECUTE FUNCTION access.never()',
                       t || '_is_never_emptied', t);
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON access.%I FOR EACH ROW EXECUTE FUNCTION access.never()',
                       t || '_is_never_deleted', t);
    END LOOP;
END $$;
CREATE POLICY membership_of_ones_own ON access.membership FOR SELECT TO vinculum_app
    USING (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) IN ('dmv', 'system'));
CREATE POLICY membership_request_for_administrators ON access.membership_request FOR SELECT TO vinculum_app
    USING ((SELECT access.role()) = 'dmv_administrator');
CREATE POLICY credential_of_ones_own ON access.credential FOR SELECT TO vinculum_app
    USING (person_id = (SELECT access.person_id()) OR (SELECT access.role()) = 'dmv_administrator'
           OR ((SELECT access.role()) = 'dealer_manager' AND organisation_id = (SELECT access.organisation_id())));

CREATE CONSTRAINT TRIGGER credential_is_audited
    AFTER INSERT OR DELETE OR UPDATE OF token_hash, person_id, organisation_id, role, scopes, addresses, expires_at,
        idle_seconds, revoked_at ON access.credential
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE CONSTRAINT TRIGGER membership_request_is_audited AFTER INSERT OR UPDATE OR DELETE ON access.membership_request
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE CONSTRAINT TRIGGER permission_is_audited AFTER INSERT OR UPDATE OR DELETE ON access.permission
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE CONSTRAINT TRIGGER purpose_is_audited AFTER INSERT OR UPDATE OR DELETE ON access.purpose
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();

-- New functions are open to everybody until said otherwise: close all, then name those of the application.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
-- Triggers need no grant; the plain readers of the context are used by policies and defaults of every login.
GRANT EXECUTE ON FUNCTION access.person_id(), access.organisation_id(), access.kind(), access.code(), access.role(),
    access.act(), access.ticket() TO vinculum_app, vinculum_audit_owner;
GRANT EXECUTE ON FUNCTION
    access.create_organisation(uuid, text, text, text),
    access.begin_membership(uuid, uuid, text),
    access.request_membership(uuid, uuid, uuid, text),
    access.decide_membership(uuid, boolean),
    access.end_membership(uuid),
    access.open_session(uuid, bytea, uuid),
    access.recognise(text),
    access.close_session(text),
    access.close_sessions(uuid),
    access.issue_key(uuid, bytea, text, text, uuid, text, text[], inet[], boolean, timestamptz),
    access.revoke_key(uuid)
    TO vinculum_app;
GRANT SELECT ON access.role_kind, access.permission, access.purpose, access.membership_request TO vinculum_app;
GRANT SELECT (id, kind, prefix, label, person_id, person_name, organisation_id, role, scopes, addresses, live,
              created_at, expires_at, idle_seconds, last_seen_at, revoked_at) ON access.credential TO vinculum_app;
RESET ROLE;

-------------------------------------------------------------------------------- reading the audit trail
SET ROLE vinculum_audit_owner;
-- For administrators and the verifying service, and for logins that may read the tables anyway (an auditor's).
CREATE FUNCTION audit.may_read() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT coalesce(access.role() IN ('dmv_administrator', 'system'), false)
           OR has_table_privilege(session_user, 'audit.event', 'SELECT')
$$;
CREATE FUNCTION audit.read_events(p_shard smallint, p_after bigint, p_limit integer) RETURNS SETOF audit.event
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT audit.may_read() THEN
        RAISE EXCEPTION 'not permitted: read the audit trail' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT e.* FROM audit.event AS e
                  WHERE e.shard = p_shard AND e.sequence > p_after ORDER BY e.sequence LIMIT p_limit;
END $$;
CREATE FUNCTION audit.read_heads() RETURNS SETOF audit.head
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT audit.may_read() THEN
        RAISE EXCEPTION 'not permitted: read the audit trail' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT h.* FROM audit.head AS h ORDER BY h.shard;
END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.read_events(smallint, bigint, integer), audit.read_heads() TO vinculum_app;
GRANT USAGE ON SCHEMA audit TO vinculum_app;
RESET ROLE;
