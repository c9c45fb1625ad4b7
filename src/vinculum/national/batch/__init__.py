"""Batch files of jurisdictions: taken once, read strictly, applied as a whole, answered with a SEW report."""
