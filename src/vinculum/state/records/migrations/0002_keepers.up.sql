-- Who may write which part of the book. 0001 lets everybody who acts add facts; here each fact gets its keeper,
-- so that a dealer cannot vouch for itself and a town cannot reach beyond its own taxes (M-401).
SET ROLE vinculum_owner;

CREATE SEQUENCE book.customer_number START 200000001;
GRANT USAGE ON SEQUENCE book.customer_number TO vinculum_app;

-- A collector's list of whom its town has stopped.
CREATE INDEX customer_stop_by_town ON book.customer_stop (town_code) WHERE town_code <> '';

-- An entry is signed by whoever makes it.
CREATE POLICY entry_is_ones_own ON book.entry AS RESTRICTIVE FOR INSERT TO vinculum_app
    WITH CHECK (organisation_id = (SELECT access.organisation_id()) AND person_id = (SELECT access.person_id()));

-- A dealer's papers are DMV's to accept, and no other dealer's to see (D-102, D-105).
CREATE POLICY dealer_paper_of_ones_own ON book.dealer_paper AS RESTRICTIVE FOR SELECT TO vinculum_app
    USING (organisation_id = (SELECT access.organisation_id())
           OR (SELECT access.kind()) IN ('dmv', 'system', 'association'));

DO $$
DECLARE
    t text;
    office text := $f$((SELECT access.kind()) IN ('dmv', 'system'))$f$;
    deal text := $f$((SELECT access.kind()) IN ('dealer', 'dmv', 'system'))$f$;
    town text := $f$((SELECT access.kind()) IN ('dmv', 'system')
                     OR ((SELECT access.kind()) = 'town' AND kind = 'delinquent_tax'
                         AND town_code = (SELECT access.code())))$f$;
    keeper text;
BEGIN
    FOREACH t IN ARRAY ARRAY['customer', 'customer_detail', 'customer_identification', 'customer_stop', 'lienholder',
        'dealer_paper', 'vehicle', 'vehicle_detail', 'odometer_reading', 'brand', 'title', 'title_owner',
        'title_legend', 'lien', 'reassignment', 'registration', 'registration_owner'] LOOP
        keeper := CASE
            WHEN t = 'customer_stop' THEN town
            WHEN t IN ('customer', 'customer_detail', 'customer_identification', 'lienholder', 'dealer_paper') THEN office
            ELSE deal END;
        EXECUTE format('CREATE POLICY %I ON book.%I AS RESTRICTIVE FOR INSERT TO vinculum_app WITH CHECK (%s)',
                       t || '_written_by_its_keeper', t, keeper);
        EXECUTE format('CREATE POLICY %I ON book.%I AS RESTRICTIVE FOR UPDATE TO vinculum_app USING (%s)',
                       t || '_closed_by_its_keeper', t, keeper);
    END LOOP;
END $$;

RESET ROLE;
