"""Puts the rooms together: settings, addresses, processes, the embedded database and the commands."""
