-- A jurisdiction's program at the desks of data changes: a role of its own beside the one that sends messages, with the
-- acts of its title clerks that a program can do.
SET ROLE vinculum_owner;
INSERT INTO access.role_kind VALUES ('exchange_desk_program', 'jurisdiction', false);
INSERT INTO access.permission VALUES
    ('exchange_desk_program', 'work_exchange_case', 'own'), ('exchange_desk_program', 'work_clone_case', 'own'),
    ('exchange_desk_program', 'work_vin_correction', 'own'), ('exchange_desk_program', 'rescind_brand', 'own');

CREATE OR REPLACE FUNCTION access.issue_key(
    p_id uuid, p_token_hash bytea, p_prefix text, p_label text, p_organisation uuid, p_role text, p_scopes text[],
    p_addresses inet[], p_live boolean, p_expires_at timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    PERFORM access.must_be((((access.role() IN ('dmv_administrator', 'dealer_manager') AND p_role <> 'system')
                             OR (access.role() = 'system' AND p_role IN ('exchange_client', 'exchange_desk_program', 'jsi_reporter')))
                            AND access.governs(p_organisation, p_role))
                           OR access.keeps_reporters(p_role), 'issue a key');
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
    VALUES (p_token_hash, p_id, 'api_key', p_prefix, p_label,
            -- At desks where two people decide, all programs of a jurisdiction are one.
            CASE p_role WHEN 'exchange_desk_program' THEN md5('programs of ' || p_organisation)::uuid
                        ELSE access.person_id() END,
            p_label, p_organisation, p_role,
            p_scopes, p_addresses, p_live, at, p_expires_at, at);
END $$;

CREATE OR REPLACE FUNCTION access.revoke_key(p_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.id = p_id AND c.kind = 'api_key' AND c.revoked_at IS NULL
       AND ((access.role() IN ('dmv_administrator', 'dealer_manager') AND access.governs(c.organisation_id, c.role))
            OR (access.role() = 'system' AND c.role IN ('exchange_client', 'exchange_desk_program', 'jsi_reporter'))
            OR access.keeps_reporters(c.role));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such key of yours' USING ERRCODE = 'P0002';
    END IF;
END $$;
RESET ROLE;
