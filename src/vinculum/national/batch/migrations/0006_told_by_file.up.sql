-- What a jurisdiction that is not on line is told by file (N-310): notices, each in one file only, acknowledged by the
-- file's control totals; and once a month which of its titles were surrendered elsewhere.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

-- A notice is in one file or in none: that it is told once is in the row itself.
ALTER TABLE exchange.notice ADD COLUMN filed_in uuid;
CREATE INDEX notice_of_a_file ON exchange.notice (filed_in, vin, notice_id) WHERE filed_in IS NOT NULL;
CREATE INDEX notice_of_a_month ON exchange.notice (to_jurisdiction, created_at)
    WHERE kind IN ('title_left', 'title_returned');
GRANT UPDATE (filed_in) ON exchange.notice TO vinculum_app;

CREATE TABLE exchange.notice_file (
    file_id uuid PRIMARY KEY,
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    number integer NOT NULL CONSTRAINT notice_file_number_counts_from_1 CHECK (number >= 1),
    made_on date NOT NULL,
    made_at timestamptz NOT NULL,
    notice_count integer NOT NULL CONSTRAINT notice_file_is_not_empty CHECK (notice_count > 0),
    control text COLLATE "C" NOT NULL CONSTRAINT notice_file_control_is_16_digits CHECK (control ~ '^[0-9A-F]{16}$'),
    confirmed_at timestamptz,
    confirmed_by uuid,
    confirmed_by_name text,
    CONSTRAINT notice_file_numbers_have_no_twins UNIQUE (jurisdiction, number),
    CONSTRAINT notice_file_once_a_day UNIQUE (jurisdiction, made_on),
    CONSTRAINT notice_file_is_confirmed_by_somebody
        CHECK (num_nulls(confirmed_at, confirmed_by, confirmed_by_name) IN (0, 3))
);

CREATE TABLE exchange.surrender_report (
    jurisdiction text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    month date NOT NULL CONSTRAINT surrender_report_month_is_a_first_day CHECK (extract(day FROM month) = 1),
    made_at timestamptz NOT NULL,
    line_count integer NOT NULL CONSTRAINT surrender_report_count_is_not_negative CHECK (line_count >= 0),
    exempt_count integer NOT NULL,
    PRIMARY KEY (jurisdiction, month),
    CONSTRAINT surrender_report_exempt_are_among_its_lines CHECK (exempt_count BETWEEN 0 AND line_count)
);

CREATE TABLE exchange.surrender_line (
    jurisdiction text COLLATE "C" NOT NULL,
    month date NOT NULL,
    vin text COLLATE "C" NOT NULL,
    notice_id uuid NOT NULL,
    title_number text COLLATE "C" NOT NULL,
    titled_by text COLLATE "C" NOT NULL,
    issue_date date NOT NULL,
    told_on date NOT NULL,
    returned_on date,
    vehicle_kind text COLLATE "C" NOT NULL,
    exempt boolean NOT NULL,
    PRIMARY KEY (jurisdiction, month, vin, notice_id),
    FOREIGN KEY (jurisdiction, month) REFERENCES exchange.surrender_report
);

DO $$
DECLARE
    t text;
    own text := '(SELECT access.role()) = ''system'' OR ((SELECT access.kind()) = ''jurisdiction'' '
                'AND (SELECT access.code()) = jurisdiction)';
BEGIN
    FOREACH t IN ARRAY ARRAY['notice_file', 'surrender_report', 'surrender_line'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        -- The help desk prints the reports of those who take no part.
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR SELECT TO vinculum_app USING (%s%s)', t || '_of_ones_own', t,
                       own, CASE WHEN t <> 'notice_file' THEN ' OR exchange.is_help_desk()' ELSE '' END);
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR INSERT TO vinculum_app WITH CHECK ('
                       '(SELECT access.role()) = ''system'' AND (SELECT access.act()) = ''make_exchange_papers'')',
                       t || '_by_the_exchange', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['notice_file', 'surrender_report'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
    END LOOP;
END $$;
CREATE POLICY notice_file_confirmed_by_its_own ON exchange.notice_file FOR UPDATE TO vinculum_app
    USING (confirmed_at IS NULL AND (SELECT access.kind()) = 'jurisdiction' AND (SELECT access.code()) = jurisdiction)
    WITH CHECK ((SELECT access.code()) = jurisdiction AND confirmed_by = (SELECT access.person_id()));

GRANT SELECT, INSERT, UPDATE (confirmed_at, confirmed_by, confirmed_by_name) ON exchange.notice_file TO vinculum_app;
GRANT SELECT, INSERT ON exchange.surrender_report, exchange.surrender_line TO vinculum_app;
RESET ROLE;
