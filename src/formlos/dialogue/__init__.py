"""Asking people: the questions that are left of a case, as pages that the person at home and the counter share.

Knows no addresses, sessions or roles; whoever shows its pages brings them. Only what the case asks now is ever shown.
"""
