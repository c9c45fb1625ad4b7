SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act = 'work_batch_files';
RESET ROLE;
