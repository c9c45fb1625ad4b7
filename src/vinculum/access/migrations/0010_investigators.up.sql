-- Investigators of a jurisdiction, its police among them: they look at findings that concern it and decide them.
SET ROLE vinculum_owner;
INSERT INTO access.role_kind VALUES ('investigator', 'jurisdiction', false), ('investigator', 'dmv', false);
INSERT INTO access.permission VALUES
    ('investigator', 'decode_vin', 'any'), ('investigator', 'show_vehicle_history', 'any'),
    ('investigator', 'show_my_sign_in', 'own'),
    ('investigator', 'show_findings', 'own'), ('investigator', 'decide_finding', 'own'),
    ('help_desk', 'show_findings', 'any'), ('help_desk', 'decide_finding', 'any'),
    ('system', 'scan_records', 'any');
RESET ROLE;
