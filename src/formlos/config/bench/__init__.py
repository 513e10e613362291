"""The measurements behind docs/benchmarks.md: the engine, whole moves, their cost, and the raw limits beside them.

Everything runs on one machine in one go, so that figures can be compared with each other.
"""
