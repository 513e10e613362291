"""The stories that the product must play, in a real browser against all processes of a node."""
