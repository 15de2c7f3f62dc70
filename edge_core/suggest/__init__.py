"""What visitors are told: ways to go, and what may please them."""
