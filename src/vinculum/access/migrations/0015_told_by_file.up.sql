-- Notice files and surrender reports: made by the exchange, read by those they are for, and by the help desk where
-- nobody of the jurisdiction takes part.
SET ROLE vinculum_owner;
INSERT INTO access.permission VALUES
    ('system', 'make_exchange_papers', 'any'), ('title_clerk', 'show_surrender_reports', 'own'),
    ('help_desk', 'show_surrender_reports', 'any');
RESET ROLE;
