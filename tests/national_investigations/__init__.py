"""A package, so that its fixtures end with it: these tests have databases of their own."""
