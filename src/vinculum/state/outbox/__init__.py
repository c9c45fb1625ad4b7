"""What the state owes the national exchange, and its delivery."""
