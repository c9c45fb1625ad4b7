SET ROLE vinculum_owner;
DELETE FROM exchange.notice WHERE kind IN ('brand_corrected', 'brand_removed');
ALTER TABLE exchange.notice DROP CONSTRAINT notice_kind_is_known;
ALTER TABLE exchange.notice ADD CONSTRAINT notice_kind_is_known CHECK (kind IN ('title_left', 'title_returned'));
DROP TABLE exchange.brand_withdrawal;
RESET ROLE;
