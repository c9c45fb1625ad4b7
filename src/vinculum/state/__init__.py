"""The state system: a motor-vehicle agency's book of titles, registrations, liens and plates."""
