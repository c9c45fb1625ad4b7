-- Batch files of jurisdictions (N-501), what is said about their records (N-502), and where a file that is being
-- applied is laid out. Files and messages are worked by file, never joined with vehicles: where the database is
-- distributed they stay on the coordinator.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

-- `file_id` is made by the exchange, its last twelve digits nought: an entry that a record makes has the number of
-- the record there. `content_name` is where the spool keeps the bytes: their SHA-256.
CREATE TABLE exchange.batch_file (
    file_id uuid PRIMARY KEY
        CONSTRAINT batch_file_id_leaves_room_for_record_numbers CHECK (file_id::text LIKE '%-000000000000'),
    jurisdiction text COLLATE "C" NOT NULL,
    sender_file_id text COLLATE "C" NOT NULL
        CONSTRAINT batch_file_sender_id_has_1_to_20_characters CHECK (length(sender_file_id) BETWEEN 1 AND 20),
    file_type text COLLATE "C" NOT NULL,
    form text COLLATE "C" NOT NULL CONSTRAINT batch_file_form_is_known CHECK (form IN ('fixed', 'csv')),
    created_on date NOT NULL,
    content_name text COLLATE "C" NOT NULL,
    byte_count bigint NOT NULL,
    received_at timestamptz NOT NULL,
    received_from text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL
        CONSTRAINT batch_file_state_is_known CHECK (state IN ('waiting', 'applied', 'rejected', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    not_before timestamptz,
    finished_at timestamptz,
    records_read bigint,
    records_rejected bigint,
    records_with_warnings bigint,
    records_valid bigint,
    fault_code text COLLATE "C",
    fault_line bigint,
    fault_text text COLLATE "C",
    CONSTRAINT batch_file_read_is_accepted_and_rejected
        CHECK (records_read = records_rejected + records_valid),
    CONSTRAINT batch_file_applied_has_its_counts CHECK ((state = 'applied') = (records_read IS NOT NULL)),
    CONSTRAINT batch_file_rejected_says_why CHECK ((state = 'rejected') = (fault_code IS NOT NULL)),
    CONSTRAINT batch_file_finished_when_not_waiting CHECK ((state = 'waiting') = (finished_at IS NULL))
);
-- N-501: a file is taken once. One that was refused or cancelled was not taken, and its id may be used again.
CREATE UNIQUE INDEX batch_file_taken_once ON exchange.batch_file (jurisdiction, sender_file_id)
    WHERE state IN ('waiting', 'applied');
CREATE INDEX batch_file_waiting_in_order ON exchange.batch_file (jurisdiction, received_at) WHERE state = 'waiting';

-- How far the file that is being applied has come; written beside the transaction that applies it.
CREATE TABLE exchange.batch_progress (
    file_id uuid PRIMARY KEY,
    phase text COLLATE "C" NOT NULL,
    records bigint NOT NULL,
    noted_at timestamptz NOT NULL
);

-- What the SEW report says of one record. Of a VIN that could not be read, what is printable is kept.
CREATE TABLE exchange.batch_message (
    vin text COLLATE "C" NOT NULL,
    file_id uuid NOT NULL,
    record_number bigint NOT NULL,
    place smallint NOT NULL,
    code text COLLATE "C" NOT NULL,
    severity text COLLATE "C" NOT NULL
        CONSTRAINT batch_message_severity_is_known CHECK (severity IN ('error', 'warning')),
    field text COLLATE "C" NOT NULL DEFAULT '',
    text text COLLATE "C" NOT NULL,
    PRIMARY KEY (file_id, record_number, place)
);

-- Where a VINADD file is laid out while it is applied: as it arrived, and as it was decided. Only the transaction
-- that applies a file sees its rows; a crash may empty them. Filling begins with TRUNCATE, whose lock makes two
-- such files wait for each other. They have no keys, for each is read from end to end, and lie distributed as the
-- pointers do.
CREATE SCHEMA staging;
GRANT USAGE ON SCHEMA staging TO vinculum_app;
CREATE UNLOGGED TABLE staging.arrival (
    record_number bigint NOT NULL,
    vin text COLLATE "C" NOT NULL,
    title_number text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    make text COLLATE "C" NOT NULL,
    model_year smallint NOT NULL,
    odometer integer NOT NULL,
    odometer_unit text COLLATE "C" NOT NULL,
    state_title_key text COLLATE "C" NOT NULL,
    road boolean NOT NULL,
    sent_make text COLLATE "C",
    codes text[] COLLATE "C"
) WITH (autovacuum_enabled = false);

CREATE UNLOGGED TABLE staging.later (LIKE staging.arrival, turn integer NOT NULL)
    WITH (autovacuum_enabled = false);

-- `expected` is the entry the pointer must still show (compare and set); `action` says what becomes of it.
CREATE UNLOGGED TABLE staging.verdict (
    LIKE staging.arrival,
    turn integer NOT NULL,
    tried smallint NOT NULL,
    action text COLLATE "C" CONSTRAINT verdict_action_is_known CHECK (action IN ('make', 'move', 'join')),
    pointer_number smallint,
    expected uuid,
    old_jurisdiction text COLLATE "C",
    old_title_number text COLLATE "C"
) WITH (autovacuum_enabled = false);

GRANT SELECT, INSERT, UPDATE ON exchange.batch_file TO vinculum_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.batch_progress TO vinculum_app;
GRANT SELECT, INSERT ON exchange.batch_message TO vinculum_app;
GRANT SELECT, INSERT, DELETE, TRUNCATE ON staging.arrival, staging.later, staging.verdict TO vinculum_app;
RESET ROLE;
