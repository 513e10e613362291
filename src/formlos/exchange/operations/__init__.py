"""What the exchange does, one transaction each: ``directories``, ``outbox``, ``delivery``, ``inbox``."""
