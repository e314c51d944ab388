"""What a GP practice sees of its own patients, and decides about them."""
