SET ROLE vinculum_owner;
DROP TABLE outbox.detail_told;
RESET ROLE;
