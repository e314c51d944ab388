"""What partners' own systems ask of the service, each with a key of its own."""
