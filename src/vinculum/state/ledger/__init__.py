"""Money in double entry: dealers' funds and the state's revenue."""
