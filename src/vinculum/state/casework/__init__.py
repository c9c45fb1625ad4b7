"""Applications on a clerk's desk and what has become of them."""
