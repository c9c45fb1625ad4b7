-- Junk, salvage and insurers' reports (28 CFR 25.51-57). What a report says of the vehicle is for everybody; from whom
-- the vehicle came is for the reporter itself and the help desk, and lies in a table of its own behind a wall.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.reporter (
    organisation_id uuid PRIMARY KEY REFERENCES access.organisation,
    kind text COLLATE "C" NOT NULL
        CONSTRAINT reporter_kind_is_known CHECK (kind IN ('junk_yard', 'salvage_yard', 'insurer')),
    name text NOT NULL CONSTRAINT reporter_has_a_name CHECK (length(name) BETWEEN 2 AND 120),
    state text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    registered_at timestamptz NOT NULL
);

-- A report is never changed: a supplement is a report that names the one it follows, and one is followed once.
CREATE TABLE exchange.jsi_report (
    vin text COLLATE "C" NOT NULL,
    report_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES exchange.reporter,
    obtained_on date NOT NULL,
    disposition text COLLATE "C" NOT NULL CONSTRAINT jsi_report_disposition_is_known
        CHECK (disposition IN ('to_be_determined', 'sold', 'crushed', 'dismantled', 'scrapped', 'rebuilt', 'retained')),
    for_export boolean NOT NULL,
    supplements uuid,
    channel text COLLATE "C" NOT NULL
        CONSTRAINT jsi_report_channel_is_known CHECK (channel IN ('form', 'csv', 'api')),
    reported_by uuid NOT NULL,
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (vin, report_id),
    CONSTRAINT jsi_report_vin_is_1_to_30_characters CHECK (length(vin) BETWEEN 1 AND 30),
    CONSTRAINT jsi_report_is_about_the_past CHECK (obtained_on <= reported_at::date + 1),
    CONSTRAINT jsi_report_supplements_one_on_record
        FOREIGN KEY (vin, supplements) REFERENCES exchange.jsi_report (vin, report_id)
);
CREATE UNIQUE INDEX jsi_report_once_per_vehicle_and_day
    ON exchange.jsi_report (vin, organisation_id, obtained_on) WHERE supplements IS NULL;
CREATE UNIQUE INDEX jsi_report_is_supplemented_once
    ON exchange.jsi_report (vin, supplements) WHERE supplements IS NOT NULL;
CREATE INDEX jsi_report_by_reporter ON exchange.jsi_report (organisation_id, reported_at DESC);

CREATE TABLE exchange.jsi_source (
    vin text COLLATE "C" NOT NULL,
    report_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES exchange.reporter,
    obtained_from text NOT NULL CONSTRAINT jsi_source_is_1_to_120_characters CHECK (length(obtained_from) BETWEEN 1 AND 120),
    PRIMARY KEY (vin, report_id),
    FOREIGN KEY (vin, report_id) REFERENCES exchange.jsi_report
);

-- A month that a reporter has accounted for: by a report, or by saying that it obtained nothing.
CREATE TABLE exchange.jsi_month (
    organisation_id uuid NOT NULL REFERENCES exchange.reporter,
    month date NOT NULL CONSTRAINT jsi_month_is_a_first_day CHECK (extract(day FROM month) = 1),
    nothing_obtained boolean NOT NULL,
    accounted_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, month)
);

-- What the regulation says, with its place. The amount stays empty until the association enters the one in force:
-- it is adjusted every year, and a wrong figure is worse than none.
CREATE TABLE exchange.reporting_duty (
    in_force_from date PRIMARY KEY,
    penalty_per_violation numeric(12, 2)
        CONSTRAINT reporting_duty_penalty_is_positive CHECK (penalty_per_violation > 0),
    citation text NOT NULL
);
INSERT INTO exchange.reporting_duty VALUES ('2009-03-31', NULL, '28 CFR 25.51–57');

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reporter', 'jsi_report', 'jsi_source', 'jsi_month'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['jsi_report', 'jsi_source', 'jsi_month'] LOOP
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR INSERT TO vinculum_app WITH CHECK ('
                       '(SELECT access.role()) = ''jsi_reporter'' AND (SELECT access.act()) = ''report_jsi'' '
                       'AND organisation_id = (SELECT access.organisation_id()))', t || '_by_the_reporter', t);
    END LOOP;
END $$;
-- Who a reporter is, and what it reported of a vehicle, is shown with the vehicle.
CREATE POLICY reporter_for_everybody ON exchange.reporter FOR SELECT TO vinculum_app USING (true);
CREATE POLICY reporter_by_the_desk ON exchange.reporter FOR INSERT TO vinculum_app WITH CHECK (
    (SELECT access.act()) = 'register_reporter'
    AND ((SELECT access.role()) = 'system'
         OR ((SELECT access.role()) = 'help_desk' AND (SELECT access.kind()) = 'association')));
CREATE POLICY jsi_report_for_everybody ON exchange.jsi_report FOR SELECT TO vinculum_app USING (true);
CREATE POLICY jsi_source_of_ones_own ON exchange.jsi_source FOR SELECT TO vinculum_app USING (
    organisation_id = (SELECT access.organisation_id())
    OR ((SELECT access.role()) = 'help_desk' AND (SELECT access.kind()) = 'association'));
CREATE POLICY jsi_month_of_ones_own ON exchange.jsi_month FOR SELECT TO vinculum_app USING (
    organisation_id = (SELECT access.organisation_id())
    OR ((SELECT access.role()) = 'help_desk' AND (SELECT access.kind()) = 'association'));

GRANT SELECT, INSERT ON exchange.reporter, exchange.jsi_report, exchange.jsi_source, exchange.jsi_month TO vinculum_app;
GRANT SELECT ON exchange.reporting_duty TO vinculum_app;
RESET ROLE;
