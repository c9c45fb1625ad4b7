"""Vinculum: the bond between a vehicle, its papers and everyone who relies on them."""
