"""The title exchange between jurisdictions: pointers, history, brands and theft, by VIN; no personal data."""
