-- Pins what decides how the server spells things, for this transaction only, and hands the parameters to the queries that follow.
-- The search path is the default namespace alone, and pg_temp last so that no temporary object hides one of it. Where the default
-- namespace is the tool's own, made for scratch work, what stands behind it in the path stays: it is the user's default namespace, whose
-- types and functions have to be spelled as they are there.
SELECT
    set_config('dbtool.namespace', found.namespace, true) AS namespace,
    found.search_path AS search_path,
    current_user AS user,
    set_config('search_path', CASE
        WHEN starts_with(found.namespace, nullif(current_setting('dbtool.prefix'), '')) THEN found.visible
        ELSE quote_ident(found.namespace)
    END || ', pg_temp', true) AS pinned,
    set_config('quote_all_identifiers', 'off', true) AS quoting,
    set_config('datestyle', 'ISO, MDY', true) AS dates,
    set_config('intervalstyle', 'postgres', true) AS intervals,
    set_config('timezone', 'UTC', true) AS zone,
    -- On a large catalog the estimated cost brings the compiler in, which takes seconds for what runs in milliseconds.
    set_config('jit', 'off', true) AS compiler
FROM (
    SELECT
        coalesce(current_schema(), 'public') AS namespace,
        current_setting('search_path') AS search_path,
        (SELECT string_agg(quote_ident(name), ', ') FROM unnest(current_schemas(false)) AS name) AS visible
) AS found
