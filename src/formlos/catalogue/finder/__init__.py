"""From a sentence to the matters it concerns and the facts it holds: rules, stems and letters, offline.

Owns nothing in the database. Reads what people call things from ``finder.yaml`` of the services and from
``services/anliegen.yaml``; see docs/finder.md.
"""
