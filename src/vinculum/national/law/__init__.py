"""The rules of the exchange: what is on record and asked in; what changes or what is wrong out. Pure."""
