"""Signing in, the second factor, stepping up, signing out, and what a person sees of the own sign-in."""
