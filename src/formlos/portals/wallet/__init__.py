"""The SIMULATED wallet of demo nodes: a web page in the size of a phone that holds PIDs of invented people.

A process of its own, without database: it speaks to this node as any wallet would, over HTTP. Labelled as simulated on
every page, and off unless ``FORMLOS_DEMO``.
"""
