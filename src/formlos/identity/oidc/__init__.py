"""OpenID Connect relying party: authorization code flow with PKCE, split so that no web process ever calls out.

The web process sends the browser to the provider (``logins.begin``), takes the code (``logins.take_answer``) and hands
it to a job (``exchanging``), which asks the provider, verifies the ID token (``id_tokens``) and reads what it says of
the person (``claims``). The waiting page then turns the finished login into a session (``logins.finish``).
"""
