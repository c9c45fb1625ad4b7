-- The published table of D20 codes misspells the names of two states. Their codes are kept as published; the
-- names shown to people are those that the states bear. 0002_jurisdictions.csv stays as it was published.
SET ROLE vinculum_owner;
UPDATE exchange.jurisdiction SET name = 'Federated States of Micronesia' WHERE code = 'FM';
UPDATE exchange.jurisdiction SET name = 'Marshall Islands' WHERE code = 'MH';
RESET ROLE;
