"""What investigators are shown: records of vehicles that cannot all be true, each with its evidence."""
