"""The dealer's portal: what waits, the desk where a vehicle is registered, held and processed deals."""
