"""The counter of the national exchange: messages of jurisdictions come in here, in this process or by HTTPS."""
