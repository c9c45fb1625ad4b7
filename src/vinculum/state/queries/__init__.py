"""What a person may ask of the state: one module each, SQL in, dataclasses out."""
