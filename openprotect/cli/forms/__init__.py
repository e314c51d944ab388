"""Parts of `openprotect form`."""
