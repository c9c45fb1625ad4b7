SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act = 'keep_evidence';
RESET ROLE;
