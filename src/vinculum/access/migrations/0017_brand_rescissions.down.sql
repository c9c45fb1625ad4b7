SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act = 'rescind_brand';
RESET ROLE;
