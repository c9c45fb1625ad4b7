-- The sealed context is read and checked once where many of its parts are wanted: an audit event wants nine of
-- them, and a registration makes some dozen events.
SET ROLE vinculum_owner;
CREATE FUNCTION access.context() RETURNS text[]
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
    RETURN parts;
END $$;
REVOKE ALL ON FUNCTION access.context() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.context() TO vinculum_app, vinculum_audit_owner;

-- One part of the sealed context, or NULL (which every policy reads as "no") when the seal does not hold.
CREATE OR REPLACE FUNCTION access.claim(part integer) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT nullif((access.context())[part], '') $$;
RESET ROLE;

SET ROLE vinculum_audit_owner;
CREATE OR REPLACE FUNCTION audit.chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    context text[] := access.context();
    organisation text := nullif(context[2], '');
    which smallint := coalesce(('x' || substr(md5(organisation), 1, 1))::bit(4)::integer, 0);
    tip record;
    at timestamptz := clock_timestamp();
    hidden text[] := coalesce(TG_ARGV, '{}');
    body text;
    link bytea;
BEGIN
    body := jsonb_build_object(
        'at', at, 'transaction', pg_current_xact_id()::text,
        'person', nullif(context[1], ''), 'organisation', organisation, 'role', nullif(context[5], ''),
        'credential', nullif(context[6], ''), 'address', nullif(context[7], ''), 'request', nullif(context[8], ''),
        'terminal', nullif(context[9], ''), 'act', nullif(context[10], ''), 'ticket', nullif(context[11], ''),
        'login', session_user, 'table', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'operation', TG_OP,
        'before', CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END,
        'after', CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END)::text;
    SELECT h.sequence, h.hash INTO STRICT tip FROM audit.head AS h WHERE h.shard = which FOR UPDATE;
    link := sha256(tip.hash || int2send(which) || int8send(tip.sequence + 1)
                   || sha256(convert_to(body, 'UTF8')));
    INSERT INTO audit.event (shard, sequence, recorded_at, payload, previous, hash)
    VALUES (which, tip.sequence + 1, at, body, tip.hash, link);
    UPDATE audit.head AS h SET sequence = tip.sequence + 1, hash = link WHERE h.shard = which;
    RETURN NULL;
END $$;
RESET ROLE;
