SET ROLE vinculum_owner;
DROP TABLE staging.move;
RESET ROLE;
