"""The person's own pages: the front door, one question a page, and what happens next."""
