SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act IN ('work_clone_case', 'apply_clone_undo');
RESET ROLE;
