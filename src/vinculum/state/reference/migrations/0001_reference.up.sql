-- Published law. `content` holds a jurisdiction's files by their hash, exactly as written; `publication` says
-- when each was put in force, and by whom. Both only grow: what a quote was made of can always be read again.
SET ROLE vinculum_owner;

CREATE SCHEMA reference;

CREATE TABLE reference.content (
    hash text COLLATE "C" PRIMARY KEY CONSTRAINT content_hash_is_a_sha256 CHECK (hash ~ '^[0-9a-f]{64}$'),
    jurisdiction text COLLATE "C" NOT NULL
        CONSTRAINT content_jurisdiction_is_two_letters CHECK (jurisdiction ~ '^[A-Z]{2}$'),
    files jsonb NOT NULL
        CONSTRAINT content_is_files_by_name CHECK (jsonb_typeof(files) = 'object' AND files ? 'jurisdiction.yaml'),
    CONSTRAINT content_hash_is_of_one_jurisdiction UNIQUE (jurisdiction, hash)
);

CREATE TABLE reference.publication (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    jurisdiction text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    published_at timestamptz NOT NULL,
    published_by text NOT NULL
        CONSTRAINT publication_names_its_publisher CHECK (length(btrim(published_by)) BETWEEN 1 AND 200),
    CONSTRAINT publication_is_of_known_content
        FOREIGN KEY (jurisdiction, hash) REFERENCES reference.content (jurisdiction, hash)
);
CREATE INDEX publication_latest_of_jurisdiction ON reference.publication (jurisdiction, sequence DESC);

CREATE FUNCTION reference.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'published law is never rewritten: publish anew instead (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
REVOKE ALL ON FUNCTION reference.refuse_rewriting() FROM PUBLIC;

CREATE TRIGGER content_is_never_rewritten BEFORE UPDATE OR DELETE OR TRUNCATE ON reference.content
    FOR EACH STATEMENT EXECUTE FUNCTION reference.refuse_rewriting();
CREATE TRIGGER publication_is_never_rewritten BEFORE UPDATE OR DELETE OR TRUNCATE ON reference.publication
    FOR EACH STATEMENT EXECUTE FUNCTION reference.refuse_rewriting();

GRANT USAGE ON SCHEMA reference TO vinculum_app, vinculum_migrate;
GRANT SELECT ON reference.content, reference.publication TO vinculum_app;
GRANT SELECT, INSERT ON reference.content, reference.publication TO vinculum_migrate;

RESET ROLE;
