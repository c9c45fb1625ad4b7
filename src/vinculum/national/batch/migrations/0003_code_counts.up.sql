-- How often each code was said of a file, counted once when it is applied: pages compare a file with those before it,
-- and may not count millions of messages to do so. Files themselves are audited: who sent one, who took one back.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.batch_code_count (
    file_id uuid NOT NULL REFERENCES exchange.batch_file,
    code text COLLATE "C" NOT NULL,
    severity text COLLATE "C" NOT NULL
        CONSTRAINT batch_code_count_severity_is_known CHECK (severity IN ('error', 'warning')),
    said bigint NOT NULL CONSTRAINT batch_code_count_was_said CHECK (said > 0),
    sample_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (file_id, code, severity)
);
INSERT INTO exchange.batch_code_count (file_id, code, severity, said, sample_text)
SELECT file_id, code, severity, count(*), min(text) FROM exchange.batch_message GROUP BY file_id, code, severity;

CREATE INDEX batch_file_newest ON exchange.batch_file (jurisdiction, received_at DESC, file_id DESC);
CREATE CONSTRAINT TRIGGER batch_file_is_audited AFTER INSERT OR UPDATE OR DELETE ON exchange.batch_file
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();

GRANT SELECT, INSERT ON exchange.batch_code_count TO vinculum_app;
RESET ROLE;
