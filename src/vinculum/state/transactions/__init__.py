"""What a person may do to the state's records: one module each, one durable database transaction each."""
