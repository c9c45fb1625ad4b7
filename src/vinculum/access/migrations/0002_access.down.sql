SET ROLE vinculum_owner;
DROP SCHEMA access CASCADE;
RESET ROLE;
SET ROLE vinculum_audit_owner;
DROP SCHEMA audit CASCADE;
RESET ROLE;
