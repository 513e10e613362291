"""Who may do what for a municipality: its offices and the roles of the people who work there.

Somebody who works for two municipalities has roles in each; neither sees the other's.
"""
