SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
-- Cases that were opened meanwhile stay owed or answered; only new ones must belong to an application again.
ALTER TABLE outbox.message DROP CONSTRAINT message_is_of_an_application_or_opens_a_case;
ALTER TABLE outbox.message ADD CONSTRAINT message_is_of_an_application CHECK (application_id IS NOT NULL) NOT VALID;
RESET ROLE;
