SELECT path FROM paths ORDER BY path;
