SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
DROP INDEX exchange.notice_of_a_month;
CREATE INDEX notice_of_a_month ON exchange.notice (to_jurisdiction, created_at)
    WHERE kind IN ('title_left', 'title_returned');
RESET ROLE;
