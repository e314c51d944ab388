"""What can follow `openprotect cohort`, beside `run`: a module a word."""
