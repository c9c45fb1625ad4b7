-- How often somebody tried to sign in, from where and as whom: Django's cache in the database, so that the limits
-- hold across server processes and restarts. It is the framework's table: the migration login's, in schema public.
CREATE TABLE public.access_sign_in_limit (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX access_sign_in_limit_by_expiry ON public.access_sign_in_limit (expires);
