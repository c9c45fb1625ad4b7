-- Rows of an undo that was applied cannot be read without these columns: they are taken out with what they did undone
-- by hand, or the migration stays.
SET ROLE vinculum_owner;
ALTER TABLE exchange.notice DROP CONSTRAINT notice_kind_is_known;
ALTER TABLE exchange.notice ADD CONSTRAINT notice_kind_is_known
    CHECK (kind IN ('title_left', 'title_returned', 'brand_corrected', 'brand_removed'));
GRANT INSERT ON exchange.title_history TO vinculum_app;
ALTER TABLE exchange.title_history DROP CONSTRAINT title_history_undo_names_its_case;
ALTER TABLE exchange.title_history DROP stands_for, DROP undo_case;
RESET ROLE;
