"""What docs and goals promise about speed, measured: each module has `measure()` and prints its ratios."""
