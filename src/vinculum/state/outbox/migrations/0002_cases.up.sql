-- The case that a refused deal opens (N-401) is owed like any report, but by no application: a refused deal made none.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
ALTER TABLE outbox.message DROP CONSTRAINT IF EXISTS message_is_of_an_application;
ALTER TABLE outbox.message ALTER COLUMN application_id DROP NOT NULL;
ALTER TABLE outbox.message ADD CONSTRAINT message_is_of_an_application_or_opens_a_case
    CHECK ((application_id IS NULL) = (kind = 'open_discrepancy'));
RESET ROLE;
