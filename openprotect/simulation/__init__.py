"""A season with made-up people: the real service, carried through on a clock that is moved."""
