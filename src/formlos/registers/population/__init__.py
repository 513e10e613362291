"""Invented towns: a realistic, deterministic population for tests, demonstrations and measurements.

Nobody in it exists. Names are random combinations, tax numbers start with 0 and document numbers with a
digit, as no real ones do. The same municipality, number, seed and key date give the same people.
"""
