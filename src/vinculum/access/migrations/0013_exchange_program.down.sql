SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE role = 'exchange_program';
DELETE FROM access.role_kind WHERE role = 'exchange_program';
RESET ROLE;
