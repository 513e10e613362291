"""One module per subject; each view translates in, asks one query or operation, and translates out."""
