"""What the measurements over real HTTP share: a home of their own, a server, and clients."""
