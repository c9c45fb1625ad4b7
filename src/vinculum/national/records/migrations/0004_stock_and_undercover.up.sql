SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

-- A record that is shown to nobody but the state that marked it and those named for its agency. No person's name
-- stands here: the agency is an office.
CREATE TABLE exchange.undercover (
    vin text COLLATE "C" NOT NULL,
    mark_id uuid NOT NULL,
    marked_by text COLLATE "C" NOT NULL,
    agency text COLLATE "C" NOT NULL CONSTRAINT undercover_names_its_agency CHECK (length(agency) BETWEEN 1 AND 60),
    visible_to text[] COLLATE "C" NOT NULL DEFAULT '{}',
    marked_at timestamptz NOT NULL,
    lifted_at timestamptz,
    PRIMARY KEY (vin, mark_id)
);
CREATE UNIQUE INDEX undercover_one_mark_in_force_per_state ON exchange.undercover (vin, marked_by)
    WHERE lifted_at IS NULL;

-- Blank titles that were stolen or are missing, by range of control numbers: prefix and digits, so that a range is
-- compared as text of one length. Looked up by every title check that names a control number.
CREATE TABLE exchange.missing_stock (
    report_id uuid PRIMARY KEY,
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    prefix text COLLATE "C" NOT NULL,
    first_number text COLLATE "C" NOT NULL,
    last_number text COLLATE "C" NOT NULL,
    circumstance text COLLATE "C" NOT NULL
        CONSTRAINT missing_stock_circumstance_is_known CHECK (circumstance IN ('stolen', 'missing')),
    missing_since date NOT NULL,
    reported_at timestamptz NOT NULL,
    destroyed_on date,
    closed_at timestamptz,
    CONSTRAINT missing_stock_numbers_are_digits_of_one_length CHECK (
        first_number ~ '^[0-9]{1,20}$' AND last_number ~ '^[0-9]{1,20}$'
        AND length(first_number) = length(last_number) AND first_number <= last_number),
    CONSTRAINT missing_stock_is_closed_by_its_destruction CHECK ((destroyed_on IS NULL) = (closed_at IS NULL))
);
CREATE INDEX missing_stock_by_prefix ON exchange.missing_stock (prefix, first_number) WHERE closed_at IS NULL;

GRANT SELECT, INSERT, UPDATE (lifted_at) ON exchange.undercover TO vinculum_app;
GRANT SELECT, INSERT, UPDATE (destroyed_on, closed_at) ON exchange.missing_stock TO vinculum_app;
RESET ROLE;
