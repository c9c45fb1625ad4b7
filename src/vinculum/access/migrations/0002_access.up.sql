-- Who acts: organisations, memberships, credentials; the signed context of a transaction; disclosure and
-- idempotency rows. The tables are the owner's; the application may only do what is granted here.
SET ROLE vinculum_owner;

CREATE SCHEMA access;

CREATE TABLE access.organisation (
    id uuid PRIMARY KEY,
    kind text NOT NULL
        CONSTRAINT organisation_kind_is_known CHECK (kind IN
            ('dealer', 'dmv', 'town', 'jurisdiction', 'association', 'consumer', 'system')),
    code text COLLATE "C" NOT NULL,
    name text NOT NULL CONSTRAINT organisation_has_a_name CHECK (length(name) BETWEEN 2 AND 120),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT organisation_code_is_unique_per_kind UNIQUE (kind, code)
);

CREATE TABLE access.membership (
    person_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    role text NOT NULL,
    since timestamptz NOT NULL,
    ended_at timestamptz,
    granted_by uuid NOT NULL,
    PRIMARY KEY (person_id, organisation_id, role, since),
    CONSTRAINT membership_ends_after_it_began CHECK (ended_at IS NULL OR ended_at >= since)
);
CREATE UNIQUE INDEX membership_one_open_per_person ON access.membership (person_id) WHERE ended_at IS NULL;
CREATE INDEX membership_by_organisation ON access.membership (organisation_id);

-- A credential is a signed-in session, an API key or a service: one secret, one actor. Only its hash is kept.
CREATE TABLE access.credential (
    token_hash bytea PRIMARY KEY CONSTRAINT credential_is_a_sha256 CHECK (length(token_hash) = 32),
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL CONSTRAINT credential_kind_is_known CHECK (kind IN ('session', 'api_key', 'service')),
    prefix text NOT NULL DEFAULT '',
    label text NOT NULL DEFAULT '',
    person_id uuid NOT NULL,
    person_name text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    role text NOT NULL,
    scopes text[] NOT NULL DEFAULT '{}',
    addresses inet[] NOT NULL DEFAULT '{}',
    live boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    idle_seconds integer NOT NULL DEFAULT 0,
    last_seen_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT credential_expires_after_it_was_made CHECK (expires_at > created_at)
);
CREATE INDEX credential_by_person ON access.credential (person_id) WHERE revoked_at IS NULL;
CREATE INDEX credential_by_organisation ON access.credential (organisation_id);

CREATE TABLE access.context_key (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT context_key_is_one_row CHECK (only_row),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);
INSERT INTO access.context_key (inner_pad, outer_pad)
SELECT string_agg(set_byte('\x00', 0, get_byte(k, i) # 54), '' ORDER BY i),
       string_agg(set_byte('\x00', 0, get_byte(k, i) # 92), '' ORDER BY i)
  FROM (SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
            || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) AS k) AS key,
       generate_series(0, 63) AS i;

CREATE FUNCTION access.seal(message text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(message, 'UTF8'))), 'hex')
      FROM access.context_key AS k
$$;
REVOKE ALL ON FUNCTION access.seal(text) FROM PUBLIC;

-- First statement of every transaction of the application: whose name it is done in. The context is sealed
-- for this transaction of this backend, so a value set by an injected statement is worth nothing.
CREATE FUNCTION access.enter(
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
REVOKE ALL ON FUNCTION access.enter(text, text, text, text, text, uuid) FROM PUBLIC;

-- One part of the sealed context, or NULL (which every policy reads as "no") when the seal does not hold.
CREATE FUNCTION access.claim(part integer) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    raw text := current_setting('vinculum.context', true);
    body text;
    parts text[];
BEGIN
    IF raw IS NULL OR raw = '' THEN RETURN NULL; END IF;
    body := split_part(raw, '#', 1);
    IF split_part(raw, '#', 2) IS DISTINCT FROM access.seal(body) THEN RETURN NULL; END IF;
    parts := string_to_array(body, '|');
    IF parts[12]::integer <> pg_backend_pid()
       OR parts[13]::numeric <> extract(epoch FROM transaction_timestamp()) THEN RETURN NULL; END IF;
    RETURN nullif(parts[part], '');
END $$;
REVOKE ALL ON FUNCTION access.claim(integer) FROM PUBLIC;

CREATE FUNCTION access.person_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT access.claim(1)::uuid $$;
CREATE FUNCTION access.organisation_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT access.claim(2)::uuid $$;
CREATE FUNCTION access.kind() RETURNS text LANGUAGE sql STABLE AS $$ SELECT access.claim(3) $$;
CREATE FUNCTION access.code() RETURNS text LANGUAGE sql STABLE AS $$ SELECT access.claim(4) $$;
CREATE FUNCTION access.role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT access.claim(5) $$;
CREATE FUNCTION access.act() RETURNS text LANGUAGE sql STABLE AS $$ SELECT access.claim(10) $$;
CREATE FUNCTION access.ticket() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT access.claim(11)::uuid $$;

-- A purpose record: written and committed before personal data is shown (log first, durably, then show).
CREATE TABLE access.disclosure (
    ticket uuid PRIMARY KEY,
    recorded_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    person_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    role text NOT NULL,
    act text NOT NULL,
    purpose text NOT NULL,
    case_reference text NOT NULL CONSTRAINT disclosure_names_its_case CHECK (length(case_reference) BETWEEN 1 AND 80),
    subject text NOT NULL,
    client_address text NOT NULL DEFAULT '',
    request_id text NOT NULL DEFAULT ''
);
CREATE INDEX disclosure_by_organisation ON access.disclosure (organisation_id, recorded_at);
CREATE INDEX disclosure_by_subject ON access.disclosure (subject, recorded_at);

CREATE FUNCTION access.record_disclosure(
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
REVOKE ALL ON FUNCTION access.record_disclosure(uuid, text, text, text, text) FROM PUBLIC;

-- The answer a request already got, kept in the same transaction as its work (D-206).
CREATE TABLE access.idempotency (
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    key text COLLATE "C" NOT NULL CONSTRAINT idempotency_key_is_8_to_200_characters CHECK (length(key) BETWEEN 8 AND 200),
    act text NOT NULL,
    request_hash bytea NOT NULL,
    answer jsonb,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, key)
);

CREATE FUNCTION access.never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is never allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
CREATE TRIGGER disclosure_is_never_changed BEFORE UPDATE OR DELETE ON access.disclosure
    FOR EACH ROW EXECUTE FUNCTION access.never();
CREATE TRIGGER disclosure_is_never_emptied BEFORE TRUNCATE ON access.disclosure
    EXECUTE FUNCTION access.never();

ALTER TABLE access.disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.disclosure FORCE ROW LEVEL SECURITY;
CREATE POLICY disclosure_of_ones_own ON access.disclosure FOR SELECT TO vinculum_app
    USING (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) IN ('dmv', 'system'));
CREATE POLICY disclosure_for_owner ON access.disclosure TO vinculum_owner USING (true);
ALTER TABLE access.idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE access.idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_of_ones_own ON access.idempotency TO vinculum_app
    USING (organisation_id = (SELECT access.organisation_id()));

RESET ROLE;

-------------------------------------------------------------------------------- audit: append-only, chained
SET ROLE vinculum_audit_owner;
CREATE SCHEMA audit;

CREATE TABLE audit.head (
    shard smallint PRIMARY KEY,
    sequence bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO audit.head
SELECT s, 0, sha256(convert_to('vinculum audit shard ' || s, 'UTF8')) FROM generate_series(0, 15) AS s;

CREATE TABLE audit.event (
    shard smallint NOT NULL,
    sequence bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    payload text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (shard, sequence)
);

CREATE FUNCTION audit.never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON audit.event
    FOR EACH ROW EXECUTE FUNCTION audit.never();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON audit.event EXECUTE FUNCTION audit.never();
CREATE TRIGGER head_is_never_removed BEFORE DELETE ON audit.head FOR EACH ROW EXECUTE FUNCTION audit.never();
CREATE TRIGGER head_is_never_emptied BEFORE TRUNCATE ON audit.head EXECUTE FUNCTION audit.never();

-- Runs at commit (deferred), so that the head row of the shard is locked only for the tail of the commit.
CREATE FUNCTION audit.chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    organisation text := access.claim(2);
    which smallint := coalesce(('x' || substr(md5(organisation), 1, 1))::bit(4)::integer, 0);
    tip record;
    at timestamptz := clock_timestamp();
    body text;
    link bytea;
BEGIN
    body := jsonb_build_object(
        'at', at, 'transaction', pg_current_xact_id()::text,
        'person', access.claim(1), 'organisation', organisation, 'role', access.claim(5),
        'credential', access.claim(6), 'address', access.claim(7), 'request', access.claim(8),
        'terminal', access.claim(9), 'act', access.claim(10), 'ticket', access.claim(11),
        'login', session_user, 'table', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'operation', TG_OP,
        'before', CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        'after', CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END)::text;
    SELECT h.sequence, h.hash INTO STRICT tip FROM audit.head AS h WHERE h.shard = which FOR UPDATE;
    link := sha256(tip.hash || int2send(which) || int8send(tip.sequence + 1)
                   || sha256(convert_to(body, 'UTF8')));
    INSERT INTO audit.event (shard, sequence, recorded_at, payload, previous, hash)
    VALUES (which, tip.sequence + 1, at, body, tip.hash, link);
    UPDATE audit.head AS h SET sequence = tip.sequence + 1, hash = link WHERE h.shard = which;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit.chain() FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO vinculum_owner;
GRANT EXECUTE ON FUNCTION audit.chain() TO vinculum_owner;
RESET ROLE;

SET ROLE vinculum_owner;
GRANT USAGE ON SCHEMA access TO vinculum_app, vinculum_audit_owner;
GRANT EXECUTE ON FUNCTION access.claim(integer) TO vinculum_app, vinculum_audit_owner;
GRANT EXECUTE ON FUNCTION access.enter(text, text, text, text, text, uuid) TO vinculum_app;
GRANT EXECUTE ON FUNCTION access.record_disclosure(uuid, text, text, text, text) TO vinculum_app;
GRANT SELECT ON access.organisation, access.membership TO vinculum_app;
GRANT SELECT ON access.disclosure TO vinculum_app;
GRANT SELECT, INSERT, UPDATE (answer) ON access.idempotency TO vinculum_app;

CREATE CONSTRAINT TRIGGER organisation_is_audited AFTER INSERT OR UPDATE OR DELETE ON access.organisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE CONSTRAINT TRIGGER membership_is_audited AFTER INSERT OR UPDATE OR DELETE ON access.membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE CONSTRAINT TRIGGER disclosure_is_audited AFTER INSERT ON access.disclosure
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
RESET ROLE;
