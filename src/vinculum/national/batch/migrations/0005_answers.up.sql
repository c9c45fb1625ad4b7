-- Where the answer to an inquiry file lies (N-204): the name of its bytes in the spool, their SHA-256. The answer is
-- handed to the jurisdiction that asked and to nobody else; the file's own row says which that is.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.batch_answer (
    file_id uuid PRIMARY KEY REFERENCES exchange.batch_file,
    content_name text COLLATE "C" NOT NULL,
    byte_count bigint NOT NULL,
    made_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON exchange.batch_answer TO vinculum_app;

-- The pointers of many vehicles held for one transaction. The caller names the VINs in their order, so that two who
-- lock the same vehicles never wait for each other; each VIN is locked by an equality, as a distributed database asks.
CREATE FUNCTION exchange.lock_pointers(vins text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted text COLLATE "C";
BEGIN
    FOREACH wanted IN ARRAY vins LOOP
        PERFORM 1 FROM exchange.pointer WHERE vin = wanted FOR UPDATE;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION exchange.lock_pointers(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.lock_pointers(text[]) TO vinculum_app;
RESET ROLE;
