-- The exchange's own program at a state: it asks for the live detail of the state's titles, and does nothing else (N-202).
SET ROLE vinculum_owner;
INSERT INTO access.role_kind VALUES ('exchange_program', 'association', false);
INSERT INTO access.permission VALUES ('exchange_program', 'tell_title_detail', 'any');
RESET ROLE;
