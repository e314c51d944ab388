"""What providers post to us, and texts from numbers that nobody here is known by."""
