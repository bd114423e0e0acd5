"""Many callers, many threads, many processes, and a process that dies: what the store was told to keep, it keeps."""
