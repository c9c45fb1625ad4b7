-- The agency and its accounts have fixed ids: every fee goes to the revenue account, every deposit comes from
-- bank clearing. Neither keeps a running balance, so that no two dealers wait for each other.
SET ROLE vinculum_owner;
INSERT INTO access.organisation (id, kind, code, name, created_at)
VALUES ('00000000-0000-4000-8000-0000000000aa', 'dmv', 'CT', 'Department of Motor Vehicles', now());
INSERT INTO ledger.account (id, organisation_id, kind) VALUES
    ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000aa', 'state_revenue'),
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000aa', 'bank_clearing');
RESET ROLE;
