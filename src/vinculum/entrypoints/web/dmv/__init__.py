"""The agency's portal: the whole story of a customer, a vehicle or a title."""
