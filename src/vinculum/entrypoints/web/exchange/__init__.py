"""Pages of the title exchange: jurisdictions' title clerks, the help desk, and reporters of junk and salvage."""
