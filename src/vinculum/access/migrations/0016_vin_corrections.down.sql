SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act = 'work_vin_correction';
RESET ROLE;
