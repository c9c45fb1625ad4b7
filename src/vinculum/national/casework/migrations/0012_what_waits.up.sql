-- A desk's home says what waits for it and since when. What has ended is never read for that, however much there is of it.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE INDEX data_change_unended ON exchange.data_change (opened_at)
    WHERE withdrawn_at IS NULL AND carried_out_at IS NULL;
CREATE INDEX clone_case_unended ON exchange.clone_case (drafted_at)
    WHERE applied_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX brand_rescission_undecided ON exchange.brand_rescission (proposed_at) WHERE decided_at IS NULL;
RESET ROLE;
