"""A pack: a programme as data that clinicians write, checked and turned into plain values."""
