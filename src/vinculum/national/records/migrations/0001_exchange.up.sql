-- The national files. Every table about a vehicle begins its key with the VIN, so that all of them can be
-- distributed by it; the small tables at the top become reference tables. No triggers, no sequences, no unique
-- constraint without the VIN; history is append-only because nobody is granted anything else.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE SCHEMA exchange;
GRANT USAGE ON SCHEMA exchange TO vinculum_app;

-- D20 jurisdictions. `participation_mode` is empty until a jurisdiction is admitted (N-106); whether it takes
-- part at the moment is derived from its last accepted update (N-105) and stored nowhere.
CREATE TABLE exchange.jurisdiction (
    code text COLLATE "C" PRIMARY KEY
        CONSTRAINT jurisdiction_code_is_two_letters CHECK (code ~ '^[A-Z]{2}$'),
    name text COLLATE "C" NOT NULL,
    group_name text COLLATE "C" NOT NULL,
    usps_code text COLLATE "C",
    ncic_code text COLLATE "C",
    participation_mode smallint
        CONSTRAINT jurisdiction_mode_is_1_to_4 CHECK (participation_mode BETWEEN 1 AND 4),
    admitted_at timestamptz,
    last_accepted_update_at timestamptz,
    grace_days integer NOT NULL DEFAULT 7
        CONSTRAINT jurisdiction_grace_is_at_least_a_day CHECK (grace_days >= 1),
    CONSTRAINT jurisdiction_has_a_mode_from_its_admission
        CHECK ((participation_mode IS NULL) = (admitted_at IS NULL))
);

CREATE TABLE exchange.brand_code (
    code text COLLATE "C" PRIMARY KEY
        CONSTRAINT brand_code_is_two_digits CHECK (code ~ '^[0-9]{2}$'),
    name text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL
        CONSTRAINT brand_code_status_is_known CHECK (status IN ('active', 'retired', 'historic')),
    meaning text COLLATE "C" NOT NULL,
    successor text COLLATE "C" NOT NULL DEFAULT '',
    CONSTRAINT brand_code_not_active_names_its_successor CHECK ((status = 'active') = (successor = ''))
);

CREATE TABLE exchange.brander (
    code text COLLATE "C" PRIMARY KEY
        CONSTRAINT brander_code_is_1_to_7_characters CHECK (code ~ '^[A-Z0-9]{1,7}$'),
    brander_type text COLLATE "C" NOT NULL CONSTRAINT brander_type_is_known CHECK (brander_type IN ('J')),
    name text COLLATE "C" NOT NULL,
    jurisdiction text COLLATE "C" REFERENCES exchange.jurisdiction,
    added_at timestamptz NOT NULL
);

-- The VIN pointer file (NM30): which state holds the current title. Pointers of one VIN are numbered from 1:
-- two first titles racing for number 1 meet in the key, whoever comes second decides anew.
CREATE TABLE exchange.pointer (
    vin text COLLATE "C" NOT NULL CONSTRAINT pointer_vin_is_1_to_30_characters CHECK (length(vin) BETWEEN 1 AND 30),
    pointer_number smallint NOT NULL CONSTRAINT pointer_number_counts_from_1 CHECK (pointer_number >= 1),
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
    state_title_key text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (vin, pointer_number),
    CONSTRAINT pointer_fields_keep_their_published_lengths CHECK (
        length(jurisdiction) = 2 AND length(title_number) BETWEEN 1 AND 17 AND length(make) BETWEEN 1 AND 4
        AND odometer BETWEEN 0 AND 999999999 AND length(state_title_key) <= 30
        AND odometer_unit IN ('M', 'K') AND length(transaction_type) = 2)
);

-- The title history file (NM31). An entry is never changed: a removal or an undo is another entry that
-- withdraws it (N-103). `replaces` is the entry the pointer showed before; `other_vin` links the two sides of
-- a title issued under a corrected VIN.
CREATE TABLE exchange.title_history (
    vin text COLLATE "C" NOT NULL,
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
    state_title_key text COLLATE "C" NOT NULL DEFAULT '',
    replaces uuid,
    withdraws uuid,
    other_vin text COLLATE "C",
    reason text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (vin, entry_id),
    CONSTRAINT title_history_fields_keep_their_published_lengths CHECK (
        length(vin) BETWEEN 1 AND 30 AND length(jurisdiction) = 2 AND length(title_number) BETWEEN 1 AND 17
        AND length(make) BETWEEN 1 AND 4 AND odometer BETWEEN 0 AND 999999999 AND odometer_unit IN ('M', 'K')
        AND length(state_title_key) <= 30 AND length(transaction_type) = 2),
    CONSTRAINT title_history_withdrawal_gives_its_reason CHECK (withdraws IS NULL OR reason <> '')
);

-- The brand history file (NM37). Brands belong to the VIN: they stay whatever becomes of the titles.
CREATE TABLE exchange.brand_history (
    vin text COLLATE "C" NOT NULL,
    brand_code text COLLATE "C" NOT NULL REFERENCES exchange.brand_code,
    brander text COLLATE "C" NOT NULL REFERENCES exchange.brander,
    brand_date date NOT NULL,
    make text COLLATE "C" NOT NULL,
    model_year smallint NOT NULL,
    percent_of_damage smallint
        CONSTRAINT brand_damage_is_a_percentage CHECK (percent_of_damage BETWEEN 0 AND 999),
    transaction_type text COLLATE "C" NOT NULL,
    transaction_at timestamptz NOT NULL,
    PRIMARY KEY (vin, brand_code, brander, brand_date),
    CONSTRAINT brand_history_vin_is_1_to_30_characters CHECK (length(vin) BETWEEN 1 AND 30)
);

-- The theft file: reports stay when they are cleared.
CREATE TABLE exchange.theft (
    vin text COLLATE "C" NOT NULL,
    report_id uuid NOT NULL,
    reported_by text COLLATE "C" NOT NULL,
    stolen_on date NOT NULL,
    reported_at timestamptz NOT NULL,
    recovered_on date,
    cleared_at timestamptz,
    PRIMARY KEY (vin, report_id),
    CONSTRAINT theft_is_cleared_with_its_recovery CHECK ((recovered_on IS NULL) = (cleared_at IS NULL))
);
CREATE UNIQUE INDEX theft_one_open_report_per_jurisdiction ON exchange.theft (vin, reported_by)
    WHERE cleared_at IS NULL;

-- Every update message once (N-309): the request's digest and the answer it got, in the same transaction.
CREATE TABLE exchange.message_inbox (
    vin text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    message_id uuid NOT NULL,
    request_hash bytea NOT NULL CONSTRAINT message_inbox_hash_is_sha256 CHECK (length(request_hash) = 32),
    received_at timestamptz NOT NULL,
    entry_id uuid NOT NULL,
    accepted boolean,
    answer bytea,
    PRIMARY KEY (vin, origin, message_id)
);

-- Every inquiry (N-207): who, for what purpose, VIN, digest of the answer, when.
CREATE TABLE exchange.inquiry_log (
    vin text COLLATE "C" NOT NULL,
    inquiry_id uuid NOT NULL,
    asker_kind text COLLATE "C" NOT NULL
        CONSTRAINT inquiry_asker_kind_is_known CHECK (asker_kind IN ('jurisdiction', 'consumer')),
    asker text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    message_id uuid,
    answer_hash bytea NOT NULL CONSTRAINT inquiry_answer_hash_is_sha256 CHECK (length(answer_hash) = 32),
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (vin, inquiry_id)
);

-- What the exchange tells a state that did not ask (N-301).
CREATE TABLE exchange.notice (
    vin text COLLATE "C" NOT NULL,
    notice_id uuid NOT NULL,
    to_jurisdiction text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL
        CONSTRAINT notice_kind_is_known CHECK (kind IN ('title_left', 'title_returned')),
    title_number text COLLATE "C" NOT NULL,
    by_jurisdiction text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    created_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    PRIMARY KEY (vin, notice_id)
);
CREATE INDEX notice_waiting_for_a_jurisdiction ON exchange.notice (to_jurisdiction, vin, notice_id)
    WHERE acknowledged_at IS NULL;

GRANT SELECT ON ALL TABLES IN SCHEMA exchange TO vinculum_app;
GRANT UPDATE (participation_mode, admitted_at, last_accepted_update_at, grace_days)
    ON exchange.jurisdiction TO vinculum_app;
GRANT INSERT ON exchange.brander TO vinculum_app;
-- The VIN is not among the columns that may be updated: a corrected VIN is a new row.
GRANT INSERT, DELETE, UPDATE (entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date,
    make, model_year, odometer, odometer_unit, state_title_key) ON exchange.pointer TO vinculum_app;
GRANT INSERT ON exchange.title_history, exchange.brand_history, exchange.inquiry_log TO vinculum_app;
GRANT INSERT, UPDATE (recovered_on, cleared_at) ON exchange.theft TO vinculum_app;
GRANT INSERT, UPDATE (accepted, answer) ON exchange.message_inbox TO vinculum_app;
GRANT INSERT, UPDATE (acknowledged_at) ON exchange.notice TO vinculum_app;

RESET ROLE;
