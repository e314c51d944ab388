"""How this installation is set up: settings, databases, addresses, logs."""
