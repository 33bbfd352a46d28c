SELECT proname, prosecdef, array_to_string(proconfig, '; '), provolatile, proparallel FROM pg_proc WHERE proname IN ('guarded', 'plain') ORDER BY 1;
