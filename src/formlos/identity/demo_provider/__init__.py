"""SIMULATED OpenID Connect provider of demo nodes: its own process, invented people, no database.

It stands where BundID or an eID server will stand and keeps to the standard, so that the node cannot tell. Who the
people are and who may ask is read from a file that the demo writes. Codes live in memory: one process, no more.
"""
