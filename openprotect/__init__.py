"""OpenProtect: find people at risk, ask how they are, and see that somebody acts."""

__version__ = "0.1.0"
