"""Pages for those who look after the records: what is taken in, held back, or may be one person."""
