"""Pages for everybody: the way in, and what the exchange knows of a vehicle."""
