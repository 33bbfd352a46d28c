SELECT described, describe(true, false), describe('{1}'::integer[]) FROM seen;
