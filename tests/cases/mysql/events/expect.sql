SELECT event_name, status, interval_value, interval_field, event_comment, on_completion FROM information_schema.events WHERE event_schema = database() ORDER BY 1;
SELECT * FROM t;
