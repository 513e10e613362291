"""The public pages of a node and a person's own pages, rendered on the server, without script.

Owns addresses, words and layout of pages; no tables and no decisions. ``pages`` holds one module per subject;
``towns``, ``services``, ``words``, ``facts`` and ``reasons`` turn what queries return into what templates show.
"""
