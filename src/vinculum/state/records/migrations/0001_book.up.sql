-- The book of the state. Every change is an entry; a fact carries the entry that opened it and the entry that
-- closed it. Nothing is ever rewritten or deleted: closing is the only update, and the database says so.
SET ROLE vinculum_owner;

CREATE SCHEMA book;

CREATE TABLE book.entry (
    id uuid PRIMARY KEY,
    kind text NOT NULL CONSTRAINT entry_kind_is_known CHECK (kind IN
        ('conversion', 'registration', 'void', 'customer_record', 'stop_put_on', 'stop_taken_off', 'dealer_paper',
         'lienholder_record', 'brand', 'correction')),
    reason text NOT NULL CONSTRAINT entry_says_why CHECK (length(reason) BETWEEN 3 AND 500),
    effective_date date NOT NULL,
    recorded_at timestamptz NOT NULL,
    person_id uuid NOT NULL,
    person_name text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    request_id text NOT NULL DEFAULT '',
    application_id uuid,
    reverses uuid REFERENCES book.entry,
    CONSTRAINT entry_is_reversed_only_once UNIQUE (reverses)
);
CREATE INDEX entry_by_application ON book.entry (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX entry_by_organisation ON book.entry (organisation_id, recorded_at);

-- The one update a fact knows: closed_by goes from nothing to the entry that closed it.
CREATE FUNCTION book.only_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION '% on %.% is never allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = '42501';
    END IF;
    IF OLD.closed_by IS NOT NULL OR NEW.closed_by IS NULL
       OR to_jsonb(NEW) - 'closed_by' IS DISTINCT FROM to_jsonb(OLD) - 'closed_by' THEN
        RAISE EXCEPTION 'a fact of %.% is closed once and never rewritten', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-------------------------------------------------------------------------------- customers
CREATE TABLE book.customer (
    id uuid PRIMARY KEY,
    number text COLLATE "C" NOT NULL CONSTRAINT customer_number_is_unique UNIQUE,
    kind text NOT NULL CONSTRAINT customer_kind_is_known CHECK (kind IN
        ('person', 'business', 'trust', 'estate', 'nonprofit', 'government', 'lessor')),
    opened_by uuid NOT NULL REFERENCES book.entry
);

CREATE TABLE book.customer_detail (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES book.customer,
    name text NOT NULL CONSTRAINT customer_has_a_name CHECK (length(name) BETWEEN 1 AND 120),
    last_name text NOT NULL,
    date_of_birth date,
    residence_street text NOT NULL DEFAULT '',
    residence_town text NOT NULL DEFAULT '',
    residence_state text NOT NULL DEFAULT '',
    residence_zip text NOT NULL DEFAULT '',
    mailing_address text NOT NULL DEFAULT '',
    tax_town_code text COLLATE "C" NOT NULL DEFAULT ''
        CONSTRAINT tax_town_code_has_three_digits CHECK (tax_town_code ~ '^([0-9]{3})?$'),
    us_dot_number text COLLATE "C" NOT NULL DEFAULT '',
    military boolean NOT NULL DEFAULT false,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry
);
CREATE UNIQUE INDEX customer_detail_one_open_per_customer ON book.customer_detail (customer_id) WHERE closed_by IS NULL;
CREATE INDEX customer_detail_by_customer ON book.customer_detail (customer_id);
CREATE INDEX customer_detail_by_last_name ON book.customer_detail (upper(last_name), residence_town) WHERE closed_by IS NULL;

CREATE TABLE book.customer_identification (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES book.customer,
    kind text NOT NULL CONSTRAINT identification_kind_is_known CHECK (kind IN
        ('ct_licence', 'ct_non_driver_id', 'ct_learner_permit', 'ct_adult_learner_permit', 'fein', 'us_dot', 'oos_licence')),
    number text COLLATE "C" NOT NULL CONSTRAINT identification_number_is_plain CHECK (number ~ '^[A-Z0-9]{4,20}$'),
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry
);
CREATE INDEX customer_identification_by_number ON book.customer_identification (kind, number) WHERE closed_by IS NULL;
CREATE INDEX customer_identification_by_customer ON book.customer_identification (customer_id);

CREATE TABLE book.customer_stop (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES book.customer,
    kind text NOT NULL CONSTRAINT stop_kind_is_known CHECK (kind IN
        ('registration_suspension', 'privilege_suspension', 'insurance_compliance', 'delinquent_tax')),
    town_code text COLLATE "C" NOT NULL DEFAULT '',
    town_name text NOT NULL DEFAULT '',
    contact text NOT NULL DEFAULT '',
    since date NOT NULL,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry,
    CONSTRAINT delinquent_tax_names_its_town CHECK ((kind = 'delinquent_tax') = (town_code <> ''))
);
CREATE UNIQUE INDEX customer_stop_one_open_per_kind_and_town ON book.customer_stop (customer_id, kind, town_code)
    WHERE closed_by IS NULL;
CREATE INDEX customer_stop_by_customer ON book.customer_stop (customer_id);

-------------------------------------------------------------------------------- lienholders and dealers' papers
CREATE TABLE book.lienholder (
    id uuid PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    address text NOT NULL DEFAULT '',
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry
);
CREATE UNIQUE INDEX lienholder_one_open_per_code ON book.lienholder (code) WHERE closed_by IS NULL;

CREATE TABLE book.dealer_paper (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    person_id uuid,
    kind text NOT NULL CONSTRAINT dealer_paper_kind_is_known CHECK (kind IN
        ('letter_of_intent', 'issuance_bond', 'program_agreement', 'dealer_licence', 'training_certificate',
         'letter_of_experience', 'suspension')),
    number text NOT NULL DEFAULT '',
    amount_cents bigint,
    valid_from date NOT NULL,
    valid_until date,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry,
    CONSTRAINT training_certificate_names_its_person CHECK ((kind = 'training_certificate') = (person_id IS NOT NULL)),
    CONSTRAINT dealer_paper_ends_after_it_began CHECK (valid_until IS NULL OR valid_until >= valid_from)
);
CREATE INDEX dealer_paper_by_organisation ON book.dealer_paper (organisation_id) WHERE closed_by IS NULL;

-------------------------------------------------------------------------------- vehicles
CREATE TABLE book.vehicle (
    vin text COLLATE "C" PRIMARY KEY CONSTRAINT vin_is_plain CHECK (vin ~ '^[A-Z0-9]{1,30}$'),
    opened_by uuid NOT NULL REFERENCES book.entry
);

CREATE TABLE book.vehicle_detail (
    id uuid PRIMARY KEY,
    vin text COLLATE "C" NOT NULL REFERENCES book.vehicle,
    model_year smallint NOT NULL CONSTRAINT model_year_is_plausible CHECK (model_year BETWEEN 1885 AND 2100),
    make text COLLATE "C" NOT NULL,
    model text NOT NULL DEFAULT '',
    body_style text NOT NULL DEFAULT '',
    vehicle_type text NOT NULL,
    fuel text NOT NULL DEFAULT '',
    colour text NOT NULL DEFAULT '',
    gvwr_pounds integer CONSTRAINT gvwr_is_plausible CHECK (gvwr_pounds BETWEEN 1 AND 300000),
    light_weight_pounds integer CONSTRAINT light_weight_is_plausible CHECK (light_weight_pounds BETWEEN 1 AND 300000),
    decoded jsonb,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry
);
CREATE UNIQUE INDEX vehicle_detail_one_open_per_vehicle ON book.vehicle_detail (vin) WHERE closed_by IS NULL;
CREATE INDEX vehicle_detail_by_vehicle ON book.vehicle_detail (vin);

CREATE TABLE book.odometer_reading (
    id uuid PRIMARY KEY,
    vin text COLLATE "C" NOT NULL REFERENCES book.vehicle,
    reading integer NOT NULL CONSTRAINT odometer_is_whole_miles CHECK (reading BETWEEN 0 AND 999999999),
    brand text NOT NULL CONSTRAINT odometer_brand_is_known CHECK (brand IN
        ('actual', 'not_actual', 'exceeds_mechanical_limits', 'exempt')),
    read_on date NOT NULL,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry
);
CREATE INDEX odometer_reading_by_vehicle ON book.odometer_reading (vin, read_on);

CREATE TABLE book.brand (
    id uuid PRIMARY KEY,
    vin text COLLATE "C" NOT NULL REFERENCES book.vehicle,
    code text COLLATE "C" NOT NULL CONSTRAINT brand_code_has_two_digits CHECK (code ~ '^[0-9]{2}$'),
    brander text NOT NULL,
    brand_date date NOT NULL,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry
);
CREATE UNIQUE INDEX brand_one_open_per_code_brander_and_date ON book.brand (vin, code, brander, brand_date)
    WHERE closed_by IS NULL;

-------------------------------------------------------------------------------- titles and liens
CREATE SEQUENCE book.title_number START 30000001;

CREATE TABLE book.title (
    id uuid PRIMARY KEY,
    vin text COLLATE "C" NOT NULL REFERENCES book.vehicle,
    number text COLLATE "C" NOT NULL CONSTRAINT title_number_is_plain CHECK (number ~ '^[A-Z0-9]{1,17}$'),
    issue_date date NOT NULL,
    conjunction text CONSTRAINT conjunction_is_and_or_or CHECK (conjunction IN ('and', 'or')),
    odometer integer,
    odometer_brand text,
    previous_jurisdiction text COLLATE "C" NOT NULL DEFAULT '',
    previous_number text COLLATE "C" NOT NULL DEFAULT '',
    restores uuid REFERENCES book.title,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry
);
CREATE UNIQUE INDEX title_one_open_per_vehicle ON book.title (vin) WHERE closed_by IS NULL;
CREATE UNIQUE INDEX title_one_open_per_number ON book.title (number) WHERE closed_by IS NULL;
CREATE INDEX title_by_vehicle ON book.title (vin);
CREATE INDEX title_by_number ON book.title (number);

CREATE TABLE book.title_owner (
    title_id uuid NOT NULL REFERENCES book.title,
    line smallint NOT NULL CONSTRAINT title_owner_line_is_1_to_9 CHECK (line BETWEEN 1 AND 9),
    customer_id uuid NOT NULL REFERENCES book.customer,
    name text NOT NULL,
    PRIMARY KEY (title_id, line)
);
CREATE INDEX title_owner_by_customer ON book.title_owner (customer_id);

CREATE TABLE book.title_legend (
    title_id uuid NOT NULL REFERENCES book.title,
    legend text NOT NULL,
    PRIMARY KEY (title_id, legend)
);

CREATE TABLE book.lien (
    id uuid PRIMARY KEY,
    title_id uuid NOT NULL REFERENCES book.title,
    line smallint NOT NULL,
    lienholder_code text COLLATE "C" NOT NULL,
    lienholder_name text NOT NULL,
    lien_date date NOT NULL,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry,
    CONSTRAINT lien_line_is_unique_per_title UNIQUE (title_id, line)
);

-- Dealer-to-dealer assignments are a chain beside the title number, never in place of it (D-708).
CREATE TABLE book.reassignment (
    title_id uuid NOT NULL REFERENCES book.title,
    line smallint NOT NULL,
    dealer_name text NOT NULL,
    assigned_on date NOT NULL,
    document_number text NOT NULL,
    PRIMARY KEY (title_id, line)
);

-------------------------------------------------------------------------------- registrations
CREATE TABLE book.registration (
    id uuid PRIMARY KEY,
    vin text COLLATE "C" NOT NULL REFERENCES book.vehicle,
    plate_number text COLLATE "C" NOT NULL CONSTRAINT plate_number_is_plain CHECK (plate_number ~ '^[A-Z0-9]{1,8}$'),
    plate_class text NOT NULL,
    usage text NOT NULL CONSTRAINT usage_is_known CHECK (usage IN ('regular', 'combination', 'commercial')),
    declared_weight_pounds integer,
    tax_town_code text COLLATE "C" NOT NULL CONSTRAINT registration_tax_town_has_three_digits CHECK (tax_town_code ~ '^[0-9]{3}$'),
    conjunction text CONSTRAINT registration_conjunction_is_and_or_or CHECK (conjunction IN ('and', 'or')),
    effective_date date NOT NULL,
    expires_on date NOT NULL,
    registration_fee_cents bigint NOT NULL CONSTRAINT registration_fee_is_not_negative CHECK (registration_fee_cents >= 0),
    dealer_id uuid REFERENCES access.organisation,
    opened_by uuid NOT NULL REFERENCES book.entry,
    closed_by uuid REFERENCES book.entry,
    CONSTRAINT registration_expires_after_it_begins CHECK (expires_on > effective_date)
);
CREATE UNIQUE INDEX registration_one_open_per_vehicle ON book.registration (vin) WHERE closed_by IS NULL;
CREATE UNIQUE INDEX registration_one_open_per_plate ON book.registration (plate_number) WHERE closed_by IS NULL;
CREATE INDEX registration_by_vehicle ON book.registration (vin);
CREATE INDEX registration_by_plate ON book.registration (plate_number);

CREATE TABLE book.registration_owner (
    registration_id uuid NOT NULL REFERENCES book.registration,
    line smallint NOT NULL CONSTRAINT registration_owner_line_is_1_to_9 CHECK (line BETWEEN 1 AND 9),
    customer_id uuid NOT NULL REFERENCES book.customer,
    name text NOT NULL,
    PRIMARY KEY (registration_id, line)
);
CREATE INDEX registration_owner_by_customer ON book.registration_owner (customer_id);

-- A later registration of a vehicle begins no earlier than the one before it ended, voided ones aside.
CREATE FUNCTION book.check_registration_terms() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM book.registration AS r JOIN book.entry AS e ON e.id = r.closed_by
         WHERE r.vin = NEW.vin AND r.id <> NEW.id
           AND daterange(r.effective_date, greatest(least(e.effective_date, r.expires_on + 1), r.effective_date))
               && daterange(NEW.effective_date, NEW.expires_on + 1)) THEN
        RAISE EXCEPTION 'registration terms of one vehicle do not overlap'
            USING ERRCODE = '23P01', CONSTRAINT = 'registration_terms_do_not_overlap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER registration_terms_do_not_overlap AFTER INSERT ON book.registration
    FOR EACH ROW EXECUTE FUNCTION book.check_registration_terms();

-------------------------------------------------------------------------------- walls
DO $$
DECLARE
    t text;
    facts text[] := ARRAY['customer_detail', 'customer_identification', 'customer_stop', 'lienholder', 'dealer_paper',
                          'vehicle_detail', 'odometer_reading', 'brand', 'title', 'lien', 'registration'];
    fixed text[] := ARRAY['entry', 'customer', 'vehicle', 'title_owner', 'title_legend', 'reassignment',
                          'registration_owner'];
    personal text[] := ARRAY['customer_detail', 'customer_identification', 'title_owner', 'registration_owner'];
BEGIN
    FOREACH t IN ARRAY facts LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON book.%I FOR EACH ROW EXECUTE FUNCTION book.only_closing()',
                       t || '_only_closes', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE (closed_by) ON book.%I TO vinculum_app', t);
    END LOOP;
    FOREACH t IN ARRAY fixed LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON book.%I FOR EACH ROW EXECUTE FUNCTION access.never()',
                       t || '_is_never_changed', t);
        EXECUTE format('GRANT SELECT, INSERT ON book.%I TO vinculum_app', t);
    END LOOP;
    FOREACH t IN ARRAY facts || fixed LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON book.%I EXECUTE FUNCTION access.never()',
                       t || '_is_never_emptied', t);
        EXECUTE format('ALTER TABLE book.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE book.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON book.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        IF t = ANY (personal) THEN
            -- Personal data: only with a committed purpose record, or inside an act that writes its own.
            EXECUTE format($f$CREATE POLICY %I ON book.%I TO vinculum_app
                USING ((SELECT access.ticket()) IS NOT NULL
                       OR (SELECT access.act()) IN ('register_vehicle', 'quote_registration', 'hold_application',
                           'void_registration', 'keep_customer', 'put_on_stop', 'convert_record', 'find_customer',
                           'deliver_messages'))
                WITH CHECK ((SELECT access.organisation_id()) IS NOT NULL)$f$, t || '_with_a_purpose', t);
        ELSE
            EXECUTE format($f$CREATE POLICY %I ON book.%I TO vinculum_app
                USING ((SELECT access.kind()) IN ('dealer', 'dmv', 'town', 'system', 'association'))$f$,
                t || '_for_those_who_act', t);
        END IF;
    END LOOP;
    FOREACH t IN ARRAY ARRAY['entry', 'customer_detail', 'customer_stop', 'title', 'lien', 'registration', 'brand', 'dealer_paper'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE ON book.%I DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
    END LOOP;
END $$;
GRANT USAGE ON SCHEMA book TO vinculum_app;
GRANT USAGE ON SEQUENCE book.title_number TO vinculum_app;
RESET ROLE;
