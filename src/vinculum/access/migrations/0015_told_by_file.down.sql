SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE act IN ('make_exchange_papers', 'show_surrender_reports');
RESET ROLE;
