SET ROLE vinculum_owner;

DROP SCHEMA reference CASCADE;

RESET ROLE;
