"""Words and fields that templates need."""
