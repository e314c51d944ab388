"""What information governance sees: why we may, until when, and who looked."""
