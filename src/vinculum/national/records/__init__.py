"""The national files as tables keyed by VIN, and the statements that read and write them."""
