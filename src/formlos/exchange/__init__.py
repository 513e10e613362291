"""Messages between municipalities: signed by the sender, encrypted to the receiver, exactly once.

Owns the outbox, the inbox and the signed directory of municipalities. Wire format (``codec``) and
transport (``delivery``) are ports: JSON in JOSE over HTTP is what is built; XMeld XML, OSCI/XTA and
FIT-Connect can take their places without anyone above noticing.

=================  ======================================================================
``envelope``       seal and open one message; pure functions over keys
``receipts``       the signed answer of the receiver, carried in the HTTP response
``directory``      who takes part, where, with which keys; signed by an offline ``roots`` key
``operations``     outbox, delivery and its results, inbox, dead letters, directories
``http``           the endpoint: checks, stores, answers; never calls out
=================  ======================================================================
"""
