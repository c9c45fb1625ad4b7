SET ROLE vinculum_owner;
DROP INDEX exchange.brand_rescission_undecided;
DROP INDEX exchange.clone_case_unended;
DROP INDEX exchange.data_change_unended;
RESET ROLE;
