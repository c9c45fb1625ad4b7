"""The law as published: a jurisdiction's dated, cited files, checked strictly, and the tables of any day."""
