"""The exchange's desks for programs of jurisdictions: cases, data changes, shared and wrong VINs, brands (JSON)."""
