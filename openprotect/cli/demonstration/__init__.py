"""The demonstration: made-up people, real histories, the real service around them."""
