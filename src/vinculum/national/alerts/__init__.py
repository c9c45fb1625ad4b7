"""The alert site of the exchange: what desks are warned of, who may read it, and how it is told to them (N-703)."""
