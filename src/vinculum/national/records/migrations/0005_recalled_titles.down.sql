SET ROLE vinculum_owner;
DROP INDEX exchange.title_history_taken_back;
RESET ROLE;
