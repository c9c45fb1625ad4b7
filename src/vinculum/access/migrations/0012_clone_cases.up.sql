SET ROLE vinculum_owner;
INSERT INTO access.permission VALUES
    ('title_clerk', 'work_clone_case', 'own'), ('help_desk', 'work_clone_case', 'any'),
    ('help_desk', 'apply_clone_undo', 'any');
RESET ROLE;
