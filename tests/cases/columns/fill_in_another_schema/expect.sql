SELECT domain, count(*) FROM app.users GROUP BY 1 ORDER BY 1;
