SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act = 'sweep_uploads';
RESET ROLE;
