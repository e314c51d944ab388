"""Pages: one package per audience, standing on one design."""
