"""The tax collector's portal: property-tax delinquencies put on and taken off."""
