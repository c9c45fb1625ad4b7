SET ROLE vinculum_owner;
CREATE OR REPLACE FUNCTION exchange.speaks_for(p_jurisdiction text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(access.kind() = 'jurisdiction' AND access.code() = p_jurisdiction
                    AND access.role() IN ('title_clerk', 'help_desk'), false)
$$;
RESET ROLE;
