SET ROLE vinculum_owner;
INSERT INTO access.permission VALUES
    ('title_clerk', 'keep_evidence', 'own'), ('help_desk', 'keep_evidence', 'any');
RESET ROLE;
