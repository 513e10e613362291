"""Notices: what a person or authority gets in hand. One source of words: a sealed PDF with its data inside.

Owns the table of notices, the layouts and the seal on them. ``contents`` says which data a layout may
hold, ``letters`` puts them into German words, ``rendering`` sets the page, ``sealing`` and ``verifying``
are each other's counterpart. Nothing outside this room reads its models.
"""
