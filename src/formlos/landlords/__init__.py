"""Many confirmations at once (§ 19 Abs. 4 BMG): a list is read, tried out, and then confirmed row by row.

Every row becomes a case of its own under the service ``wohnungsgeberbestaetigung``, as if it had been typed there.
"""
