"""Emulated jurisdictions: programs that play states over the real protocol, for tests, demonstration and load.

They are no states: every vehicle and title they speak of is made up, and their title numbers begin with EM.
"""
