"""Plates in dealers' stock: assigned strictly in sequence, each in exactly one state."""
