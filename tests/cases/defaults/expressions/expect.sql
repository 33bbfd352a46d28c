SELECT id, made, sum FROM things;
