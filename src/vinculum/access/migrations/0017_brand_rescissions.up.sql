SET ROLE vinculum_owner;
INSERT INTO access.permission VALUES ('title_clerk', 'rescind_brand', 'own');
RESET ROLE;
