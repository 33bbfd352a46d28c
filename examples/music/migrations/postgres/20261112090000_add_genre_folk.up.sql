-- dbtool: revision 20261112090000 parent 20261111090000
-- Add genre folk

BEGIN;

-- dbtool: step "values of type genre"
ALTER TYPE genre ADD VALUE 'folk' AFTER 'classical';

COMMIT;
