"""Work that nobody waits for: what goes on beside the pages, in a process of its own."""
