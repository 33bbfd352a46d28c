SELECT id, code FROM things;
