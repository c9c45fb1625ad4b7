-- A dealer sees every posting that moved its own money, whoever posted it: a deposit is the association's act.
SET ROLE vinculum_owner;

CREATE FUNCTION ledger.moved_ones_own(which uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT 1 FROM ledger.line AS l JOIN ledger.account AS a ON a.id = l.account_id
                    WHERE l.transaction_id = which AND a.organisation_id = access.organisation_id())
$$;
REVOKE ALL ON FUNCTION ledger.moved_ones_own(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.moved_ones_own(uuid) TO vinculum_app;

-- Asked before the line's own policy, which looks at the transaction: a function of the owner ends the circle.
CREATE POLICY transaction_that_moved_ones_own ON ledger.transaction FOR SELECT TO vinculum_app
    USING (ledger.moved_ones_own(id));

RESET ROLE;
