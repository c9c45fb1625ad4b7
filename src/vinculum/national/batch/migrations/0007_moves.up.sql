-- The pointers of a VINADD file that plainly move, lot by lot: the entry each must still show, and what it will show.
-- Like the rest of staging: unlogged, without keys, read from end to end, and lying as the pointers do.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
CREATE UNLOGGED TABLE staging.move (
    vin text COLLATE "C" NOT NULL,
    pointer_number smallint NOT NULL,
    expected uuid NOT NULL,
    entry_id uuid NOT NULL,
    transaction_type text COLLATE "C" NOT NULL,
    transaction_at timestamptz NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL,
    title_number text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    make text COLLATE "C" NOT NULL,
    model_year smallint NOT NULL,
    odometer integer NOT NULL,
    odometer_unit text COLLATE "C" NOT NULL,
    state_title_key text COLLATE "C" NOT NULL
) WITH (autovacuum_enabled = false);
GRANT SELECT, INSERT, TRUNCATE ON staging.move TO vinculum_app;
RESET ROLE;
