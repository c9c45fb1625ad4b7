SET ROLE vinculum_audit_owner;
DROP FUNCTION audit.read_heads(), audit.read_events(smallint, bigint, integer), audit.may_read();
REVOKE USAGE ON SCHEMA audit FROM vinculum_app;
RESET ROLE;
SET ROLE vinculum_owner;
DROP TRIGGER credential_is_audited ON access.credential;
DROP TRIGGER credential_is_never_emptied ON access.credential;
DROP TRIGGER credential_is_never_deleted ON access.credential;
DROP TRIGGER membership_is_never_emptied ON access.membership;
DROP TRIGGER membership_is_never_deleted ON access.membership;
DROP POLICY credential_for_owner ON access.credential;
DROP POLICY credential_of_ones_own ON access.credential;
DROP POLICY membership_for_owner ON access.membership;
DROP POLICY membership_of_ones_own ON access.membership;
ALTER TABLE access.credential NO FORCE ROW LEVEL SECURITY;
ALTER TABLE access.credential DISABLE ROW LEVEL SECURITY;
ALTER TABLE access.membership NO FORCE ROW LEVEL SECURITY;
ALTER TABLE access.membership DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON access.credential FROM vinculum_app;
REVOKE SELECT (id, kind, prefix, label, person_id, person_name, organisation_id, role, scopes, addresses, live,
               created_at, expires_at, idle_seconds, last_seen_at, revoked_at) ON access.credential FROM vinculum_app;
DROP FUNCTION access.revoke_key(uuid),
    access.issue_key(uuid, bytea, text, text, uuid, text, text[], inet[], boolean, timestamptz),
    access.close_sessions(uuid), access.close_session(text), access.recognise(text),
    access.open_session(uuid, bytea, uuid), access.end_membership(uuid), access.decide_membership(uuid, boolean),
    access.request_membership(uuid, uuid, uuid, text), access.begin_membership(uuid, uuid, text),
    access.write_membership(uuid, uuid, text), access.governs(uuid, text),
    access.create_organisation(uuid, text, text, text);
CREATE OR REPLACE FUNCTION access.enter(
    token text, client_address text, request_id text, terminal text, act text, ticket uuid DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    c record;
    body text;
    shown text := '';
BEGIN
    SELECT cr.id, cr.person_id, cr.organisation_id, cr.role, cr.addresses, cr.idle_seconds, cr.last_seen_at,
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
       AND (client_address = '' OR NOT (client_address::inet = ANY (c.addresses))) THEN
        RAISE EXCEPTION 'address not registered for this credential' USING ERRCODE = '28000';
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

CREATE OR REPLACE FUNCTION access.record_disclosure(
    p_ticket uuid, p_act text, p_purpose text, p_case_reference text, p_subject text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF access.person_id() IS NULL THEN
        RAISE EXCEPTION 'nobody is acting' USING ERRCODE = '28000';
    END IF;
    IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply', 'remote_write', 'local') THEN
        RAISE EXCEPTION 'a purpose record must be committed durably' USING ERRCODE = '55000';
    END IF;
    INSERT INTO access.disclosure (ticket, person_id, organisation_id, role, act, purpose, case_reference,
                                   subject, client_address, request_id)
    VALUES (p_ticket, access.person_id(), access.organisation_id(), access.role(), p_act, p_purpose,
            p_case_reference, p_subject, coalesce(access.claim(7), ''), coalesce(access.claim(8), ''));
END $$;

DROP FUNCTION access.must_be(boolean, text);
DROP TABLE access.purpose, access.membership_request, access.permission, access.role_kind;
GRANT EXECUTE ON FUNCTION access.person_id(), access.organisation_id(), access.kind(), access.code(), access.role(),
    access.act(), access.ticket(), access.never() TO PUBLIC;
RESET ROLE;
DROP FUNCTION access.known_person(uuid);
