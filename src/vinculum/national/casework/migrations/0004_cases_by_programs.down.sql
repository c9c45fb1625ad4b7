SET ROLE vinculum_owner;
DROP POLICY case_event_by_the_program_that_asks ON exchange.case_event;
DROP POLICY discrepancy_case_by_the_program_that_asks ON exchange.discrepancy_case;
DROP POLICY discrepancy_case_for_the_program_that_asks ON exchange.discrepancy_case;
DROP FUNCTION exchange.is_program_of(text);
RESET ROLE;
