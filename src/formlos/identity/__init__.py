"""Who a person is: what OpenID Connect providers, wallets and signed assertions say, and the short sessions that follow.

Owns issuers and providers, tries to sign in, accounts, sessions of people and of staff, and where and whether people are
told of news (``contacts``, ``hints``). An account belongs to the person on the node, never to a
municipality; each municipality knows the person under an own pseudonym. What an assertion said about the
person is kept only for the session, encrypted with the session token, which the node does not keep.
"""
