SET ROLE vinculum_owner;
UPDATE exchange.jurisdiction SET name = 'Federal States of Micronesia' WHERE code = 'FM';
UPDATE exchange.jurisdiction SET name = 'Marshal Islands' WHERE code = 'MH';
RESET ROLE;
