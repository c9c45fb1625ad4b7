"""What the goals promise about speed, measured: each module has `main()` and prints its ratios."""
