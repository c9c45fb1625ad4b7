"""The book: entries that open and close facts, and the reading of them as of any day."""
