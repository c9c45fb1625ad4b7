-- Plates. Every plate belongs to one dealer and is at any time in exactly one state; a table says which moves
-- there are, and every move is kept (I-101).
SET ROLE vinculum_owner;

CREATE SCHEMA stock;

CREATE TABLE stock.plate_move (
    from_state text NOT NULL,
    to_state text NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO stock.plate_move VALUES
    ('manufactured', 'in_transit'), ('in_transit', 'received_unconfirmed'), ('in_transit', 'removed'),
    ('received_unconfirmed', 'available'), ('received_unconfirmed', 'removed'),
    ('available', 'assigned'), ('available', 'removed'), ('available', 'returned_unused'),
    ('assigned', 'returned_void'), ('assigned', 'removed'),
    ('returned_void', 'destroyed'), ('returned_unused', 'destroyed'), ('removed', 'destroyed');

CREATE TABLE stock.plate (
    number text COLLATE "C" PRIMARY KEY CONSTRAINT stock_plate_number_is_plain CHECK (number ~ '^[A-Z0-9]{1,8}$'),
    plate_class text NOT NULL,
    position bigint NOT NULL,
    dealer_id uuid NOT NULL REFERENCES access.organisation,
    state text NOT NULL CONSTRAINT plate_state_is_known CHECK (state IN
        ('manufactured', 'in_transit', 'received_unconfirmed', 'available', 'assigned', 'returned_void', 'removed',
         'returned_unused', 'destroyed')),
    registration_id uuid,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT plate_position_is_unique_per_class UNIQUE (plate_class, position),
    CONSTRAINT assigned_plate_names_its_registration CHECK ((state = 'assigned') = (registration_id IS NOT NULL)),
    CONSTRAINT assigned_registration_is_on_the_book FOREIGN KEY (registration_id) REFERENCES book.registration
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX plate_next_of_dealer ON stock.plate (dealer_id, plate_class, position) WHERE state = 'available';
CREATE INDEX plate_by_dealer ON stock.plate (dealer_id, plate_class, state);
CREATE UNIQUE INDEX plate_one_per_registration ON stock.plate (registration_id) WHERE registration_id IS NOT NULL;

CREATE TABLE stock.plate_event (
    plate_number text COLLATE "C" NOT NULL REFERENCES stock.plate,
    version integer NOT NULL,
    from_state text,
    to_state text NOT NULL,
    dealer_id uuid NOT NULL,
    registration_id uuid,
    person_id uuid,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (plate_number, version)
);

CREATE FUNCTION stock.guard_plate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a plate is never deleted' USING ERRCODE = '42501';
    END IF;
    IF NEW.number <> OLD.number OR NEW.plate_class <> OLD.plate_class OR NEW.position <> OLD.position
       OR NEW.dealer_id <> OLD.dealer_id THEN
        RAISE EXCEPTION 'a plate keeps its number, class, place in the sequence and dealer' USING ERRCODE = '42501';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM stock.plate_move AS m WHERE m.from_state = OLD.state AND m.to_state = NEW.state) THEN
        RAISE EXCEPTION 'plate %: % to % is not a move', OLD.number, OLD.state, NEW.state
            USING ERRCODE = '23514', CONSTRAINT = 'plate_moves_only_as_allowed';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER plate_moves_only_as_allowed BEFORE UPDATE OR DELETE ON stock.plate
    FOR EACH ROW EXECUTE FUNCTION stock.guard_plate();

CREATE FUNCTION stock.keep_plate_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO stock.plate_event (plate_number, version, from_state, to_state, dealer_id, registration_id, person_id)
    VALUES (NEW.number, NEW.version, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state, NEW.dealer_id,
            coalesce(NEW.registration_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.registration_id END), access.person_id());
    RETURN NULL;
END $$;
CREATE TRIGGER plate_event_is_kept AFTER INSERT OR UPDATE ON stock.plate
    FOR EACH ROW EXECUTE FUNCTION stock.keep_plate_event();
CREATE TRIGGER plate_is_never_emptied BEFORE TRUNCATE ON stock.plate EXECUTE FUNCTION access.never();
CREATE TRIGGER plate_event_is_never_changed BEFORE UPDATE OR DELETE ON stock.plate_event
    FOR EACH ROW EXECUTE FUNCTION access.never();
CREATE TRIGGER plate_event_is_never_emptied BEFORE TRUNCATE ON stock.plate_event EXECUTE FUNCTION access.never();

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['plate', 'plate_event'] LOOP
        EXECUTE format('ALTER TABLE stock.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE stock.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON stock.%I TO vinculum_owner USING (true)', t || '_for_owner', t);
        EXECUTE format($f$CREATE POLICY %I ON stock.%I TO vinculum_app
            USING (dealer_id = (SELECT access.organisation_id()) OR (SELECT access.kind()) IN ('dmv', 'system'))$f$,
            t || '_of_ones_own', t);
    END LOOP;
END $$;
CREATE POLICY plate_comes_from_the_marker_room ON stock.plate AS RESTRICTIVE FOR INSERT TO vinculum_app
    WITH CHECK ((SELECT access.kind()) IN ('dmv', 'system'));
GRANT USAGE ON SCHEMA stock TO vinculum_app;
GRANT SELECT ON stock.plate_move, stock.plate_event TO vinculum_app;
GRANT SELECT, INSERT, UPDATE (state, registration_id) ON stock.plate TO vinculum_app;
CREATE CONSTRAINT TRIGGER plate_is_audited AFTER INSERT OR UPDATE ON stock.plate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.chain();
RESET ROLE;
