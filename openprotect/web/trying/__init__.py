"""Pages on which staff try a form before anybody is asked it."""
