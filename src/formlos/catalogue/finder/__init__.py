"""From a sentence to the matters it concerns and the facts it holds: rules, stems and letters, offline.

Reads what people call things from ``finder.yaml`` of the services and from ``services/anliegen.yaml``; see
docs/finder.md. What a person types is kept only if they agree that a job asks the operator's language model, if there is
one (``consulting``), and not for longer; what that proposes is for the person to judge.
"""
