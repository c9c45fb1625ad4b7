-- The dealers through whose hands a vehicle went on the way to a title, beside the entry of that title (N-306). Few
-- titles have them. Firms stand here, never owners; consumers and purchasers are not shown them.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
CREATE TABLE exchange.title_reassignment (
    vin text COLLATE "C" NOT NULL,
    entry_id uuid NOT NULL,
    place smallint NOT NULL CONSTRAINT title_reassignment_counts_from_1 CHECK (place >= 1),
    dealer text COLLATE "C" NOT NULL,
    licence text COLLATE "C" NOT NULL,
    reassigned_on date NOT NULL,
    document_number text COLLATE "C" NOT NULL,
    PRIMARY KEY (vin, entry_id, place),
    CONSTRAINT title_reassignment_fields_keep_their_lengths CHECK (
        length(dealer) BETWEEN 1 AND 60 AND length(licence) <= 20 AND length(document_number) <= 20)
);
GRANT SELECT, INSERT ON exchange.title_reassignment TO vinculum_app;
RESET ROLE;
