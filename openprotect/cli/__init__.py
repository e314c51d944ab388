"""The `openprotect` command: one module a word."""
