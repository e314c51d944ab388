"""What pages and reports read across the whole loop."""
