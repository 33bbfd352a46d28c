SELECT table_name, check_option, security_type, is_updatable FROM information_schema.views WHERE table_schema = database() ORDER BY 1;
SELECT three FROM v ORDER BY one;
