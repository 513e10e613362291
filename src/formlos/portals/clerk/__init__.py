"""The pages of people who work for a municipality: signing in, the counter, reported barriers; who may see what."""
