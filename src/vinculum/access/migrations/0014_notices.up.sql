-- The program sends the exchange's e-mails and webhooks.
SET ROLE vinculum_owner;
INSERT INTO access.permission VALUES ('system', 'deliver_notices', 'any');
RESET ROLE;
