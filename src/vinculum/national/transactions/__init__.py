"""What a jurisdiction may do at the exchange: one module each, inside one database transaction each."""
