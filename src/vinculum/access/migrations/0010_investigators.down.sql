SET ROLE vinculum_owner;
DELETE FROM access.permission WHERE role = 'investigator'
    OR act IN ('show_findings', 'decide_finding', 'scan_records');
DELETE FROM access.role_kind WHERE role = 'investigator';
RESET ROLE;
