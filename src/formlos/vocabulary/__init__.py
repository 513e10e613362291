"""Owns the facts that services share: addresses, persons and names. Pure: no Django, database, clock or network.

Field names are the legal terms of § 3 BMG in ASCII; fields that may be known to be none are `X | None`.
"""

from formlos.vocabulary.names import NameNotAllowed, check_name, search_form
from formlos.vocabulary.records import Anschrift, AusgewertetePerson, Haushaltsmitglied, Person

__all__ = [
    "Anschrift",
    "AusgewertetePerson",
    "Haushaltsmitglied",
    "NameNotAllowed",
    "Person",
    "check_name",
    "search_form",
]
