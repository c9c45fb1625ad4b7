SET ROLE vinculum_owner;
DROP SCHEMA exchange CASCADE;
RESET ROLE;
