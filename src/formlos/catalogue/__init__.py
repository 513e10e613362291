"""Which law applies where: service documents by digest, and what each municipality adopted with which local values.

Owns service documents, parameter sets and adoptions. A case pins the digests of both; they are never
changed and stay while a case needs them.
"""
