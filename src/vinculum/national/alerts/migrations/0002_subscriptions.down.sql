SET ROLE vinculum_owner;
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
    UPDATE access.credential AS c SET revoked_at = clock_timestamp()
     WHERE c.person_id = p_person AND c.kind = 'session' AND c.revoked_at IS NULL;
END $$;
DROP TRIGGER alert_is_owed_to_who_wants_it ON exchange.alert;
DROP FUNCTION exchange.owe_alert();
DROP TABLE exchange.alert_subscription CASCADE;
RESET ROLE;
