"""Reads rules: from Python source text to typed JSON trees, refusing everything outside the closed subset."""
