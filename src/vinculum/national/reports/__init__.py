"""What the exchange prints for people: the history of a vehicle drawn at a glance, as a page and as a PDF."""
