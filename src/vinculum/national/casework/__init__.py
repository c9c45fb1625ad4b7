"""What is open between jurisdictions and with reporters: contacts, discrepancies, junk and salvage reports."""
