"""Papers that the state prints, as PDF: what a trooper, an examiner and a customer hold in the hand."""
