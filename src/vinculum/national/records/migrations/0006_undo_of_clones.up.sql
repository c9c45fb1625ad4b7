-- What an undo of clones adds to the history (N-308). `undo_case` is not among the columns that the application may
-- write: rows that withdraw another vehicle's titles come from exchange.apply_clone_undo only, which looks for every
-- acceptance and for two persons. A row that stands for an entry is that entry, as it reads since the undo.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

ALTER TABLE exchange.title_history ADD stands_for uuid, ADD undo_case uuid;
ALTER TABLE exchange.title_history ADD CONSTRAINT title_history_undo_names_its_case
    CHECK (undo_case IS NOT NULL OR (transaction_type <> 'CU' AND stands_for IS NULL)) NOT VALID;
ALTER TABLE exchange.title_history VALIDATE CONSTRAINT title_history_undo_names_its_case;

REVOKE INSERT ON exchange.title_history FROM vinculum_app;
GRANT INSERT (vin, entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,
    odometer, odometer_unit, state_title_key, replaces, withdraws, other_vin, reason)
    ON exchange.title_history TO vinculum_app;

ALTER TABLE exchange.notice DROP CONSTRAINT notice_kind_is_known;
ALTER TABLE exchange.notice ADD CONSTRAINT notice_kind_is_known CHECK (kind IN
    ('title_left', 'title_returned', 'brand_corrected', 'brand_removed', 'vehicles_separated'));
RESET ROLE;
