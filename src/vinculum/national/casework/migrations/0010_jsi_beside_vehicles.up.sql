-- Reports lie with their reporters, behind walls and on the audit trail: on the coordinator where the database is
-- distributed. An inquiry reads one VIN in one statement, which cannot reach there: what it tells of a report is
-- copied beside the vehicle when the report is made. A report and a reporter never change, so neither does the copy.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.jsi_record (
    vin text COLLATE "C" NOT NULL,
    report_id uuid NOT NULL,
    supplements uuid,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    obtained_on date NOT NULL,
    disposition text COLLATE "C" NOT NULL,
    for_export boolean NOT NULL,
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (vin, report_id)
);
CREATE INDEX jsi_record_by_time ON exchange.jsi_record USING brin (reported_at) WITH (autosummarize = on);
INSERT INTO exchange.jsi_record (vin, report_id, supplements, kind, name, state, obtained_on, disposition, for_export,
       reported_at)
SELECT j.vin, j.report_id, j.supplements, r.kind, r.name, r.state, j.obtained_on, j.disposition, j.for_export,
       j.reported_at
  FROM exchange.jsi_report AS j JOIN exchange.reporter AS r USING (organisation_id);

CREATE FUNCTION exchange.put_report_beside_vehicle() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told exchange.reporter%ROWTYPE;
BEGIN
    SELECT * INTO STRICT told FROM exchange.reporter WHERE organisation_id = NEW.organisation_id;
    INSERT INTO exchange.jsi_record (vin, report_id, supplements, kind, name, state, obtained_on, disposition,
           for_export, reported_at)
    VALUES (NEW.vin, NEW.report_id, NEW.supplements, told.kind, told.name, told.state, NEW.obtained_on,
           NEW.disposition, NEW.for_export, NEW.reported_at);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION exchange.put_report_beside_vehicle() FROM PUBLIC;
CREATE TRIGGER jsi_report_lies_beside_the_vehicle AFTER INSERT ON exchange.jsi_report
    FOR EACH ROW EXECUTE FUNCTION exchange.put_report_beside_vehicle();

GRANT SELECT ON exchange.jsi_record TO vinculum_app;
RESET ROLE;
