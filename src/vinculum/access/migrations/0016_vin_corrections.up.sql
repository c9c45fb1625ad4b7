SET ROLE vinculum_owner;
INSERT INTO access.permission VALUES
    ('title_clerk', 'work_vin_correction', 'own'), ('help_desk', 'work_vin_correction', 'any');
RESET ROLE;
