SELECT "a.b" FROM "On top; --";
