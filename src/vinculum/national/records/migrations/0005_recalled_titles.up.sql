-- The register of recalled and fraudulent titles is the removals in the history, found by state and number: a
-- forged paper may be presented with any vehicle. Few of the entries are removals, so the index is small.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';
CREATE INDEX title_history_taken_back ON exchange.title_history (jurisdiction, title_number, vin, entry_id)
    WHERE transaction_type = 'RM';
RESET ROLE;
