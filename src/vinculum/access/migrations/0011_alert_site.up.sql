-- The alert site of the exchange (N-703): who asks to use it, who decides, who posts. Whoever administers a
-- jurisdiction at the exchange, or the association that runs it, has a role of its own there.
SET ROLE vinculum_owner;
INSERT INTO access.role_kind VALUES
    ('exchange_administrator', 'jurisdiction', true), ('exchange_administrator', 'association', true);
INSERT INTO access.permission VALUES
    ('exchange_administrator', 'decode_vin', 'any'), ('exchange_administrator', 'show_vehicle_history', 'any'),
    ('exchange_administrator', 'show_my_sign_in', 'own'), ('exchange_administrator', 'ask_alert_access', 'own'),
    ('exchange_administrator', 'show_alerts', 'own'), ('exchange_administrator', 'post_alert', 'own'),
    ('exchange_administrator', 'decide_alert_user', 'own'),
    ('dmv_administrator', 'ask_alert_access', 'own'), ('dmv_administrator', 'show_alerts', 'own'),
    ('dmv_administrator', 'post_alert', 'own'), ('dmv_administrator', 'decide_alert_user', 'own'),
    ('title_clerk', 'ask_alert_access', 'own'), ('title_clerk', 'show_alerts', 'own'),
    ('title_clerk', 'post_alert', 'own'),
    ('help_desk', 'ask_alert_access', 'own'), ('help_desk', 'show_alerts', 'own'),
    ('help_desk', 'post_alert', 'own');

-- The first two administrators of each organisation are made by the service that sets the house up; from then on it
-- takes two people.
CREATE OR REPLACE FUNCTION access.begin_membership(p_person uuid, p_organisation uuid, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM access.must_be(access.governs(p_organisation, p_role) AND p_role <> 'system', 'begin a membership');
    IF EXISTS (SELECT 1 FROM access.role_kind AS k WHERE k.role = p_role AND k.needs_second) THEN
        PERFORM pg_advisory_xact_lock(hashtext('access.membership of administrators'));
        PERFORM access.must_be(
            access.role() = 'system'
            AND (SELECT count(*) FROM access.membership AS m
                  WHERE m.role = p_role AND m.ended_at IS NULL
                    AND (p_role = 'dmv_administrator' OR m.organisation_id = p_organisation)) < 2,
            'grant this role alone; ask with request_membership');
    END IF;
    PERFORM access.write_membership(p_person, p_organisation, p_role);
END $$;
RESET ROLE;
