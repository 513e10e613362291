"""The residents register (Melderegister) and the address register of a municipality.

Owns residents with the § 3 BMG facts that services need, their dwellings, family relations, locks and
history; streets, buildings, dwellings and landlords; landlords' codes and code letters; the access log of
§ 40 BMG. Others reach it by source and effect kinds (``sources``, ``effects``), so that an adapter to an
existing Fachverfahren can take its place.
"""
