"""What every room stands on: tenancy, clock, journal, keys, blobs, jobs and the protocols between rooms.

Owns the tables of municipalities, journals, key pairs and blobs. Knows no service and no capability.
"""
