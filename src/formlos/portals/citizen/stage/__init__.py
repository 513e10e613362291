"""The stage of a demo node: both registers, the messages between them and the newest case on one page for a beamer.

Everything shown is read from the real tables of the node; every button does what an operator or a person could do.
"""
