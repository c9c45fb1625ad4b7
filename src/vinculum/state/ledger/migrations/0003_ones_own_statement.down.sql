SET ROLE vinculum_owner;
DROP POLICY transaction_that_moved_ones_own ON ledger.transaction;
DROP FUNCTION ledger.moved_ones_own(uuid);
RESET ROLE;
