"""Finding somebody who is not reached, and reaching everybody in a way that is safe for them."""
