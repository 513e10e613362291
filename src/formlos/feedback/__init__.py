"""What people say does not work on the pages: reports of barriers, kept for the municipality that has to answer.

Owns the reports and their receipt numbers. A report is no case: it has no law, no decision and no person behind it.
"""
