"""The demonstration world: a made-up Connecticut in which nobody and nothing exists, of any size, from a seed."""
