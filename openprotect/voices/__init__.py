"""What people at work say to each other: private reminders, thanks, and what should be better."""
