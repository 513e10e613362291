"""Reads of the registers. Whoever reads on behalf of a person or authority also writes the access log."""
