"""Writes to the registers. Each belongs to a case and an effect, and can be reversed where the law allows."""
