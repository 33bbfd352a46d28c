SELECT evtname FROM pg_event_trigger;
