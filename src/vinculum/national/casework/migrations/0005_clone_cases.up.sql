-- Two vehicles on one VIN (N-308): who says which title and which brand is whose, who of the owners has accepted it, and
-- the one function that takes them apart. It asks for every acceptance, for two persons of the help desk, and that
-- the record is still the one that was drafted. Where the database is distributed, these tables stay on the coordinator.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.clone_case (
    vin text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    right_vin text COLLATE "C" NOT NULL DEFAULT ''
        CONSTRAINT clone_case_right_vin_is_another CHECK (length(right_vin) <= 30 AND right_vin <> vin),
    circumstance text COLLATE "C" NOT NULL
        CONSTRAINT clone_case_circumstance_is_known CHECK (circumstance IN ('clone', 'typing_error')),
    finding text NOT NULL CONSTRAINT clone_case_finding_has_1_to_4000_characters CHECK (length(finding) BETWEEN 1 AND 4000),
    asked_by text COLLATE "C" NOT NULL,
    states text[] COLLATE "C" NOT NULL CONSTRAINT clone_case_concerns_somebody CHECK (cardinality(states) >= 1),
    record_digest bytea NOT NULL CONSTRAINT clone_case_digest_is_sha256 CHECK (length(record_digest) = 32),
    drafted_at timestamptz NOT NULL,
    drafted_by uuid NOT NULL,
    drafted_by_name text NOT NULL,
    withdrawn_at timestamptz,
    requested_at timestamptz,
    requested_by uuid,
    requested_by_name text,
    applied_at timestamptz,
    applied_by uuid,
    applied_by_name text,
    PRIMARY KEY (vin, case_id),
    CONSTRAINT clone_case_request_is_whole CHECK (num_nulls(requested_at, requested_by, requested_by_name) IN (0, 3)),
    CONSTRAINT clone_case_application_is_whole CHECK (num_nulls(applied_at, applied_by, applied_by_name) IN (0, 3)),
    CONSTRAINT clone_case_is_applied_on_request CHECK (applied_at IS NULL OR requested_at IS NOT NULL),
    CONSTRAINT clone_case_ends_once CHECK (withdrawn_at IS NULL OR applied_at IS NULL),
    -- Dual control: neither who drafted it nor who asked for its application applies it.
    CONSTRAINT clone_case_takes_two CHECK (applied_by <> requested_by AND applied_by <> drafted_by)
);
CREATE INDEX clone_case_by_time ON exchange.clone_case (drafted_at DESC);

-- In the order in which it is done: taken off the newest first, re-applied the oldest first.
CREATE TABLE exchange.clone_item (
    vin text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    place smallint NOT NULL,
    kind text COLLATE "C" NOT NULL
        CONSTRAINT clone_item_kind_is_known CHECK (kind IN ('title', 'brand', 'new_brand')),
    owner text COLLATE "C" NOT NULL REFERENCES exchange.jurisdiction,
    disposition text COLLATE "C" NOT NULL
        CONSTRAINT clone_item_disposition_is_known CHECK (disposition IN ('keep', 'remove', 'reapply', 'apply')),
    entry_id uuid,
    row_id uuid,
    title_number text COLLATE "C" NOT NULL DEFAULT '',
    brand_code text COLLATE "C" REFERENCES exchange.brand_code,
    item_date date NOT NULL,
    make text COLLATE "C" NOT NULL,
    model_year smallint NOT NULL,
    states text[] COLLATE "C" NOT NULL,
    asked_by text COLLATE "C" NOT NULL,
    drafted_by uuid NOT NULL,
    accepted boolean,
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    words text CONSTRAINT clone_item_words_are_1_to_4000_characters CHECK (length(words) BETWEEN 1 AND 4000),
    PRIMARY KEY (vin, case_id, place),
    FOREIGN KEY (vin, case_id) REFERENCES exchange.clone_case,
    CONSTRAINT clone_item_is_a_title_or_a_brand CHECK (
        (kind = 'title') = (entry_id IS NOT NULL) AND (kind = 'title') = (row_id IS NOT NULL)
        AND (kind = 'title') = (brand_code IS NULL) AND (kind = 'new_brand') = (disposition = 'apply')),
    CONSTRAINT clone_item_is_decided_as_a_whole
        CHECK (num_nulls(accepted, decided_at, decided_by, decided_by_name, words) IN (0, 5)),
    CONSTRAINT clone_item_kept_is_not_decided CHECK (disposition <> 'keep' OR accepted IS NULL),
    CONSTRAINT clone_item_is_decided_by_another CHECK (decided_by <> drafted_by)
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['clone_case', 'clone_item'] LOOP
        EXECUTE format('ALTER TABLE exchange.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE exchange.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON exchange.%I '
                       'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain()', t || '_is_audited', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR SELECT TO vinculum_app USING (exchange.is_help_desk() '
                       'OR exchange.speaks_for(asked_by) OR exchange.speaks_for_one_of(states))', t || '_of_its_states', t);
        EXECUTE format('CREATE POLICY %I ON exchange.%I FOR INSERT TO vinculum_app WITH CHECK ('
                       'drafted_by = (SELECT access.person_id()) AND (exchange.speaks_for(asked_by) '
                       'OR (exchange.is_help_desk() AND asked_by = ''help_desk'')))', t || '_by_who_drafts', t);
    END LOOP;
END $$;
-- Who drafted it withdraws it; the help desk asks for its application. The application itself is the function's.
CREATE POLICY clone_case_moved_by_its_sides ON exchange.clone_case FOR UPDATE TO vinculum_app
    USING (withdrawn_at IS NULL AND applied_at IS NULL
           AND (exchange.is_help_desk() OR exchange.speaks_for(asked_by)))
    WITH CHECK (CASE WHEN withdrawn_at IS NOT NULL
                     THEN exchange.speaks_for(asked_by) OR (exchange.is_help_desk() AND asked_by = 'help_desk')
                     ELSE exchange.is_help_desk() AND requested_by = (SELECT access.person_id()) END);
CREATE POLICY clone_item_by_its_owner ON exchange.clone_item FOR UPDATE TO vinculum_app
    USING (accepted IS NULL AND exchange.speaks_for(owner))
    WITH CHECK (exchange.speaks_for(owner) AND decided_by = (SELECT access.person_id()));

GRANT SELECT, INSERT (vin, case_id, right_vin, circumstance, finding, asked_by, states, record_digest, drafted_at,
    drafted_by, drafted_by_name), UPDATE (withdrawn_at, requested_at, requested_by, requested_by_name)
    ON exchange.clone_case TO vinculum_app;
GRANT SELECT, INSERT (vin, case_id, place, kind, owner, disposition, entry_id, row_id, title_number, brand_code,
    item_date, make, model_year, states, asked_by, drafted_by),
    UPDATE (accepted, decided_at, decided_by, decided_by_name, words) ON exchange.clone_item TO vinculum_app;

-- Everything under a VIN that an undo rests on, as one digest.
CREATE FUNCTION exchange.record_digest(p_vin text) RETURNS bytea
LANGUAGE sql STABLE SET search_path = '' SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(json_build_object(
        'pointers', (SELECT json_agg(p ORDER BY p.pointer_number) FROM exchange.pointer AS p WHERE p.vin = p_vin),
        'history', (SELECT json_agg(h ORDER BY h.entry_id) FROM exchange.title_history AS h WHERE h.vin = p_vin),
        'brands', (SELECT json_agg(b ORDER BY b.brand_code, b.brander, b.brand_date)
                     FROM exchange.brand_history AS b WHERE b.vin = p_vin),
        'withdrawn', (SELECT json_agg(w ORDER BY w.withdrawal_id)
                        FROM exchange.brand_withdrawal AS w WHERE w.vin = p_vin),
        'thefts', (SELECT json_agg(t ORDER BY t.report_id) FROM exchange.theft AS t WHERE t.vin = p_vin))::text, 'UTF8'))
$$;
-- Of a case: the shared VIN and vehicle B's own.
CREATE FUNCTION exchange.clone_digest(p_vin text, p_right_vin text) RETURNS bytea
LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT sha256(exchange.record_digest(p_vin) || exchange.record_digest(p_right_vin))
$$;

CREATE FUNCTION exchange.apply_clone_undo(p_vin text, p_case uuid, p_at timestamptz, p_name text, p_rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    c exchange.clone_case;
    fault text;
BEGIN
    IF NOT exchange.is_help_desk() THEN
        RAISE EXCEPTION 'the help desk applies an undo' USING ERRCODE = '42501';
    END IF;
    SELECT * INTO c FROM exchange.clone_case AS k WHERE k.vin = p_vin AND k.case_id = p_case FOR UPDATE;
    fault := CASE
        WHEN c.case_id IS NULL OR c.withdrawn_at IS NOT NULL OR c.applied_at IS NOT NULL THEN 'clone_undo_is_open'
        WHEN EXISTS (SELECT 1 FROM exchange.clone_item AS i WHERE i.vin = p_vin AND i.case_id = p_case
                        AND i.disposition <> 'keep' AND i.accepted IS NOT TRUE) THEN 'clone_undo_is_accepted'
        WHEN c.requested_by IS NULL THEN 'clone_undo_is_requested'
        WHEN access.person_id() IN (c.requested_by, c.drafted_by) THEN 'clone_undo_takes_two'
        WHEN c.record_digest <> exchange.clone_digest(c.vin, c.right_vin) THEN 'clone_undo_of_what_was_drafted'
    END;
    -- A row takes off a title that was accepted to go, or says one anew that stays; or it re-applies an accepted one.
    IF fault IS NULL AND EXISTS (
        SELECT 1 FROM jsonb_to_recordset(p_rows) AS r (vin text, entry_id uuid, transaction_type text, jurisdiction text,
                                                       title_number text, withdraws uuid, stands_for uuid)
         WHERE NOT coalesce(CASE
            WHEN r.transaction_type = 'CU' THEN r.vin = c.vin AND (
                EXISTS (SELECT 1 FROM exchange.clone_item AS i WHERE i.vin = p_vin AND i.case_id = p_case
                           AND i.row_id = r.withdraws AND i.disposition IN ('remove', 'reapply'))
                OR EXISTS (SELECT 1 FROM jsonb_to_recordset(p_rows) AS a (stands_for uuid, jurisdiction text,
                                                                          title_number text)
                            JOIN exchange.title_history AS h ON h.vin = p_vin AND h.entry_id = r.withdraws
                             AND coalesce(h.stands_for, h.entry_id) = a.stands_for AND h.jurisdiction = a.jurisdiction
                             AND h.title_number = a.title_number))
            WHEN r.stands_for IS NOT NULL THEN r.vin = c.vin AND EXISTS (
                SELECT 1 FROM exchange.title_history AS h WHERE h.vin = p_vin
                   AND coalesce(h.stands_for, h.entry_id) = r.stands_for AND h.jurisdiction = r.jurisdiction
                   AND h.title_number = r.title_number)
            ELSE r.transaction_type = 'RA' AND r.vin = c.right_vin AND EXISTS (
                SELECT 1 FROM exchange.clone_item AS i WHERE i.vin = p_vin AND i.case_id = p_case
                   AND i.disposition = 'reapply' AND i.owner = r.jurisdiction AND i.title_number = r.title_number)
            END, false)) THEN
        fault := 'clone_undo_as_accepted';
    END IF;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'the undo is not applied: %', fault USING ERRCODE = '23514', CONSTRAINT = fault;
    END IF;
    INSERT INTO exchange.title_history (vin, entry_id, transaction_type, transaction_at, jurisdiction, title_number,
        issue_date, make, model_year, odometer, odometer_unit, state_title_key, replaces, withdraws, other_vin, reason,
        stands_for, undo_case)
    SELECT r.vin, r.entry_id, r.transaction_type, r.transaction_at, r.jurisdiction, r.title_number, r.issue_date, r.make,
           r.model_year, r.odometer, r.odometer_unit, r.state_title_key, r.replaces, r.withdraws, r.other_vin, r.reason,
           r.stands_for, p_case
      FROM jsonb_to_recordset(p_rows) AS r (vin text, entry_id uuid, transaction_type text, transaction_at timestamptz,
           jurisdiction text, title_number text, issue_date date, make text, model_year smallint, odometer integer,
           odometer_unit text, state_title_key text, replaces uuid, withdraws uuid, other_vin text, reason text,
           stands_for uuid);
    UPDATE exchange.clone_case AS k SET applied_at = p_at, applied_by = access.person_id(),
           applied_by_name = p_name
     WHERE k.vin = p_vin AND k.case_id = p_case;
END $$;
REVOKE ALL ON FUNCTION exchange.record_digest(text), exchange.clone_digest(text, text),
    exchange.apply_clone_undo(text, uuid, timestamptz, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exchange.record_digest(text), exchange.clone_digest(text, text),
    exchange.apply_clone_undo(text, uuid, timestamptz, text, jsonb) TO vinculum_app;
RESET ROLE;
