"""What leads see: whether anyone falls through, and what localities changed."""
