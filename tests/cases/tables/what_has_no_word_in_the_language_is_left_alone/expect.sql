SELECT measures.value, twice(value), users.id FROM measures, users;
