"""The demonstration: two towns with invented residents on one node, and a move from one to the other.

Everything goes the way real people and authorities would go: through HTTP, the database and the worker.
"""
