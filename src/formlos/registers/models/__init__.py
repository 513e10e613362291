"""Tables of the registers. Private to this app: others use its sources, effects and queries."""

from formlos.registers.models.addresses import Building, Dwelling, Street
from formlos.registers.models.codes import AddressCode, LandlordConfirmation
from formlos.registers.models.history import AccessLog, Change, FormerVersion, Versioned, reference
from formlos.registers.models.residents import Lock, Relation, Residence, Resident

__all__ = [
    "AccessLog",
    "AddressCode",
    "Building",
    "Change",
    "Dwelling",
    "FormerVersion",
    "LandlordConfirmation",
    "Lock",
    "Relation",
    "Residence",
    "Resident",
    "Street",
    "Versioned",
    "reference",
]
