"""Runs services: facts in, evaluation, questions, decision, effects; each case one journal.

Owns cases, their open questions and their correspondence. State is a fold over the journal
(``state``); ``advance`` carries a case as far as it goes and may run at any time, any number of times.
"""
