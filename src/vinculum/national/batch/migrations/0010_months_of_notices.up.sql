-- Which notices of a month left a jurisdiction is asked once a month; an entry in order of jurisdiction and moment for
-- each notice cost a file of titles a tenth of its time. Notices are added as time goes on, so that the rows of a month
-- lie together: it is enough to know between which moments the rows of some pages are.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
DROP INDEX exchange.notice_of_a_month;
CREATE INDEX notice_of_a_month ON exchange.notice USING brin (created_at) WITH (pages_per_range = 32);
RESET ROLE;
