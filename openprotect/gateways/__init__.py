"""The services outside this one, each with a stand-in that answers as it does."""
