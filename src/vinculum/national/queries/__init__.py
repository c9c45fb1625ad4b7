"""What may be asked of the national files: one module each, SQL in, dataclasses out."""
