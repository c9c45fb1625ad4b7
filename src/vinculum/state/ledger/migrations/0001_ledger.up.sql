-- Money in double entry. Entries come only through ledger.post; they balance at commit, are sealed there, and a
-- table says which kind of organisation may post which kind. Cents, never fractions.
SET ROLE vinculum_owner;

CREATE SCHEMA ledger;

CREATE TABLE ledger.account (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    kind text NOT NULL CONSTRAINT account_kind_is_known CHECK (kind IN ('dealer_funds', 'state_revenue', 'bank_clearing')),
    -- Only an account with a floor keeps a running balance: it is what the floor is checked against.
    floor_cents bigint,
    balance_cents bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0,
    CONSTRAINT account_one_per_organisation_and_kind UNIQUE (organisation_id, kind),
    CONSTRAINT balance_never_below_floor CHECK (floor_cents IS NULL OR balance_cents >= floor_cents)
);

CREATE TABLE ledger.transaction (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    reference text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES access.organisation,
    posted_at timestamptz NOT NULL,
    posted_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    person_id uuid NOT NULL,
    reverses uuid REFERENCES ledger.transaction,
    CONSTRAINT ledger_transaction_is_reversed_only_once UNIQUE (reverses),
    CONSTRAINT ledger_reference_is_posted_only_once UNIQUE (kind, reference)
);
CREATE INDEX ledger_transaction_by_organisation ON ledger.transaction (organisation_id, posted_at);

CREATE TABLE ledger.line (
    transaction_id uuid NOT NULL REFERENCES ledger.transaction,
    number smallint NOT NULL,
    account_id uuid NOT NULL REFERENCES ledger.account,
    cents bigint NOT NULL CONSTRAINT ledger_line_is_not_nothing CHECK (cents <> 0),
    memo text NOT NULL,
    balance_after bigint,
    account_sequence bigint,
    PRIMARY KEY (transaction_id, number),
    CONSTRAINT account_statement_has_no_gap UNIQUE (account_id, account_sequence)
);

CREATE FUNCTION ledger.check_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    which uuid := coalesce(to_jsonb(NEW) ->> 'transaction_id', to_jsonb(NEW) ->> 'id')::uuid;
    total numeric;
    lines integer;
BEGIN
    SELECT sum(l.cents), count(*) INTO total, lines FROM ledger.line AS l WHERE l.transaction_id = which;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not balance: % lines, sum %', which, lines, total
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transaction_balances';
    END IF;
    IF (SELECT t.posted_in FROM ledger.transaction AS t WHERE t.id = which) <> pg_current_xact_id() THEN
        RAISE EXCEPTION 'ledger transaction % is sealed', which
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transaction_is_sealed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transaction_balances AFTER INSERT ON ledger.transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.check_balance();
-- Lines come in one statement, so one check at commit per transaction row is enough for posting; a line added
-- to an old transaction is caught by the seal.
CREATE CONSTRAINT TRIGGER ledger_line_is_sealed AFTER INSERT ON ledger.line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.number > 1) EXECUTE FUNCTION ledger.check_balance();
CREATE TRIGGER ledger_transaction_is_never_changed BEFORE UPDATE OR DELETE ON ledger.transaction
    FOR EACH ROW EXECUTE FUNCTION access.never();
CREATE TRIGGER ledger_line_is_never_changed BEFORE UPDATE OR DELETE ON ledger.line
    FOR EACH ROW EXECUTE FUNCTION access.never();
CREATE TRIGGER ledger_transaction_is_never_emptied BEFORE TRUNCATE ON ledger.transaction
    EXECUTE FUNCTION access.never();
CREATE TRIGGER ledger_line_is_never_emptied BEFORE TRUNCATE ON ledger.line EXECUTE FUNCTION access.never();

CREATE TABLE ledger.posting_right (
    kind text NOT NULL,
    organisation_kind text NOT NULL,
    PRIMARY KEY (kind, organisation_kind)
);
INSERT INTO ledger.posting_right VALUES
    ('registration_fees', 'dealer'), ('void_refund', 'dealer'), ('void_refund', 'dmv'),
    ('deposit', 'association'), ('deposit', 'system');

-- The only way money moves. Lines are [{"account": uuid, "cents": n, "memo": text}, ...]; accounts with a running
-- balance are locked in id order so that postings never wait for each other in a circle. A dealer pays out of
-- its own funds into state revenue; a reversal is computed from the original, never supplied.
CREATE FUNCTION ledger.post(
    p_id uuid, p_kind text, p_reference text, p_lines jsonb, p_at timestamptz, p_reverses uuid DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    lines jsonb := p_lines;
    l record;
    balance bigint;
    sequence bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger.posting_right AS r
                    WHERE r.kind = p_kind AND r.organisation_kind = access.kind()) THEN
        RAISE EXCEPTION 'posting of % is not permitted to %', p_kind, coalesce(access.kind(), 'nobody')
            USING ERRCODE = '42501';
    END IF;
    IF (p_kind = 'void_refund') <> (p_reverses IS NOT NULL) THEN
        RAISE EXCEPTION 'a void refund names the posting that it reverses' USING ERRCODE = '23514';
    END IF;
    IF p_reverses IS NOT NULL THEN
        SELECT jsonb_agg(jsonb_build_object('account', o.account_id, 'cents', -o.cents, 'memo', o.memo) ORDER BY o.number)
          INTO lines
          FROM ledger.line AS o JOIN ledger.transaction AS t ON t.id = o.transaction_id
         WHERE t.id = p_reverses AND t.kind = 'registration_fees'
           AND (access.kind() = 'dmv' OR t.organisation_id = access.organisation_id());
        IF lines IS NULL THEN
            RAISE EXCEPTION 'there is no posting of yours to reverse' USING ERRCODE = '42501';
        END IF;
    ELSIF access.kind() = 'dealer' AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(lines) AS x LEFT JOIN ledger.account AS a ON a.id = (x ->> 'account')::uuid
         WHERE NOT coalesce((a.organisation_id = access.organisation_id() AND (x ->> 'cents')::bigint < 0)
                            OR (a.kind = 'state_revenue' AND (x ->> 'cents')::bigint > 0), false)) THEN
        RAISE EXCEPTION 'a dealer pays only from its own funds into state revenue' USING ERRCODE = '42501';
    ELSIF p_kind = 'deposit' AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(lines) AS x LEFT JOIN ledger.account AS a ON a.id = (x ->> 'account')::uuid
         WHERE NOT coalesce((a.kind = 'bank_clearing' AND (x ->> 'cents')::bigint < 0)
                            OR (a.kind = 'dealer_funds' AND (x ->> 'cents')::bigint > 0), false)) THEN
        RAISE EXCEPTION 'a deposit goes from bank clearing to a dealer''s funds' USING ERRCODE = '42501';
    END IF;
    INSERT INTO ledger.transaction (id, kind, reference, organisation_id, posted_at, person_id, reverses)
    VALUES (p_id, p_kind, p_reference, access.organisation_id(), p_at, access.person_id(), p_reverses);
    FOR l IN SELECT x.n, (x.line ->> 'account')::uuid AS account, (x.line ->> 'cents')::bigint AS cents, x.line ->> 'memo' AS memo
               FROM jsonb_array_elements(lines) WITH ORDINALITY AS x (line, n) ORDER BY 2, 1 LOOP
        UPDATE ledger.account AS a SET balance_cents = a.balance_cents + l.cents, version = a.version + 1
         WHERE a.id = l.account AND a.floor_cents IS NOT NULL
        RETURNING a.balance_cents, a.version INTO balance, sequence;
        IF NOT FOUND THEN
            balance := NULL;
            sequence := NULL;
        END IF;
        INSERT INTO ledger.line (transaction_id, number, account_id, cents, memo, balance_after, account_sequence)
        VALUES (p_id, l.n, l.account, l.cents, l.memo, balance, sequence);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION ledger.post(uuid, text, text, jsonb, timestamptz, uuid) FROM PUBLIC;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['account', 'transaction', 'line'] LOOP
        EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON ledger.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
    END LOOP;
END $$;
CREATE POLICY account_of_ones_own ON ledger.account FOR SELECT TO vinculum_app
    USING (organisation_id = (SELECT access.organisation_id()) OR kind IN ('state_revenue', 'bank_clearing')
           OR (SELECT access.kind()) IN ('dmv', 'association', 'system'));
CREATE POLICY account_opened_by_office ON ledger.account FOR INSERT TO vinculum_app
    WITH CHECK ((SELECT access.kind()) IN ('dmv', 'association', 'system') AND balance_cents = 0);
CREATE POLICY transaction_of_ones_own ON ledger.transaction FOR SELECT TO vinculum_app
    USING (organisation_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) IN ('dmv', 'association', 'system'));
CREATE POLICY line_of_ones_own ON ledger.line FOR SELECT TO vinculum_app
    USING ((SELECT access.kind()) IN ('dmv', 'association', 'system')
           OR EXISTS (SELECT 1 FROM ledger.account AS a
                       WHERE a.id = account_id AND a.organisation_id = (SELECT access.organisation_id()))
           OR EXISTS (SELECT 1 FROM ledger.transaction AS t
                       WHERE t.id = transaction_id AND t.organisation_id = (SELECT access.organisation_id())));
GRANT USAGE ON SCHEMA ledger TO vinculum_app;
GRANT SELECT ON ledger.account, ledger.transaction, ledger.line TO vinculum_app;
GRANT INSERT (id, organisation_id, kind, floor_cents) ON ledger.account TO vinculum_app;
GRANT EXECUTE ON FUNCTION ledger.post(uuid, text, text, jsonb, timestamptz, uuid) TO vinculum_app;
CREATE CONSTRAINT TRIGGER ledger_transaction_is_audited AFTER INSERT ON ledger.transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
RESET ROLE;
