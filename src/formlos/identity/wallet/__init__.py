"""Identifying people by an EUDI wallet: a verifier for OpenID4VP 1.0 (DCQL, SD-JWT VC with key binding, PID).

``dcql``, ``sdjwt``, ``requests`` and ``pid`` are pure: no database, no clock, no network. ``holding`` is the other
side, what issuers and wallets do, for tests and for the simulated wallet of demo nodes.
"""
