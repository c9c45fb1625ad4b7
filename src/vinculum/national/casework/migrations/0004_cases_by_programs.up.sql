-- A state's own program opens a case when its title check has failed, and asks how its cases stand (N-401). A program
-- of the exchange's own process speaks for the state it is configured for.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE FUNCTION exchange.is_program_of(p_jurisdiction text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(access.role() = 'system' AND access.kind() = 'system'
                    OR access.role() = 'exchange_client' AND access.kind() = 'jurisdiction'
                       AND access.code() = p_jurisdiction, false)
$$;
REVOKE ALL ON FUNCTION exchange.is_program_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.is_program_of(text) TO vinculum_app;

CREATE POLICY discrepancy_case_for_the_program_that_asks ON exchange.discrepancy_case FOR SELECT TO vinculum_app
    USING (exchange.is_program_of(asking) AND (SELECT access.act()) IN ('ask_exchange', 'report_to_exchange'));
CREATE POLICY discrepancy_case_by_the_program_that_asks ON exchange.discrepancy_case FOR INSERT TO vinculum_app
    WITH CHECK (exchange.is_program_of(asking) AND (SELECT access.act()) = 'report_to_exchange'
                AND state = 'open' AND opened_by = (SELECT access.person_id()));
CREATE POLICY case_event_by_the_program_that_asks ON exchange.case_event FOR INSERT TO vinculum_app
    WITH CHECK (person_id = (SELECT access.person_id()) AND move IN ('open', 'note')
                AND (SELECT access.act()) = 'report_to_exchange'
                AND EXISTS (SELECT 1 FROM exchange.discrepancy_case AS c
                             WHERE c.vin = case_event.vin AND c.case_id = case_event.case_id
                               AND c.asking = case_event.side AND exchange.is_program_of(c.asking)));
RESET ROLE;
