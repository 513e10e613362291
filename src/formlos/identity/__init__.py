"""Who a person is: signed assertions of identity providers, and the short sessions that follow from them.

Owns trusted issuers, accounts and sessions. An account belongs to the person on the node, never to a
municipality; each municipality knows the person under an own pseudonym. What an assertion said about the
person is kept only for the session, encrypted with the session token, which the node does not keep.
"""
