SET ROLE vinculum_owner;
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['customer', 'customer_detail', 'customer_identification', 'customer_stop', 'lienholder',
        'dealer_paper', 'vehicle', 'vehicle_detail', 'odometer_reading', 'brand', 'title', 'title_owner',
        'title_legend', 'lien', 'reassignment', 'registration', 'registration_owner'] LOOP
        EXECUTE format('DROP POLICY %I ON book.%I', t || '_written_by_its_keeper', t);
        EXECUTE format('DROP POLICY %I ON book.%I', t || '_closed_by_its_keeper', t);
    END LOOP;
END $$;
DROP POLICY dealer_paper_of_ones_own ON book.dealer_paper;
DROP POLICY entry_is_ones_own ON book.entry;
DROP INDEX book.customer_stop_by_town;
DROP SEQUENCE book.customer_number;
RESET ROLE;
