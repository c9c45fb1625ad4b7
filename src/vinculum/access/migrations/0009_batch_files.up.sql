-- A title clerk sends the batch files of the jurisdiction and works their reports.
SET ROLE vinculum_owner;
INSERT INTO access.permission VALUES ('title_clerk', 'work_batch_files', 'own');
RESET ROLE;
