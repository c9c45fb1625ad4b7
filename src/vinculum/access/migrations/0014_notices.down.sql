SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act = 'deliver_notices';
RESET ROLE;
