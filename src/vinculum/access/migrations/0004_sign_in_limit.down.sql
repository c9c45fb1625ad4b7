DROP TABLE public.access_sign_in_limit;
