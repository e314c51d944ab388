"""Notes to a team, thanks, what it did this week, and what people say of the service."""
