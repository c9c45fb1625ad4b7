SET ROLE vinculum_owner;
CREATE OR REPLACE FUNCTION access.begin_membership(p_person uuid, p_organisation uuid, p_role text) RETURNS void
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
DELETE FROM access.permission WHERE role = 'exchange_administrator'
    OR act IN ('ask_alert_access', 'show_alerts', 'post_alert', 'decide_alert_user');
DELETE FROM access.role_kind WHERE role = 'exchange_administrator';
RESET ROLE;
