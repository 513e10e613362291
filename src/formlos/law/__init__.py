"""The engine: reads a service's law from its folder, runs it from its document. Pure: no Django, database,
clock or network; knows no service. Reference: `docs/law.md`."""

from formlos.law.document import Document
from formlos.law.errors import LawError
from formlos.law.language import NONE
from formlos.law.law import Law, Outcome
from formlos.law.service import load_service
from formlos.law.values import ArithmeticDoubt, Facts, ListOf, Unknown

__all__ = [
    "NONE",
    "ArithmeticDoubt",
    "Document",
    "Facts",
    "Law",
    "LawError",
    "ListOf",
    "Outcome",
    "Unknown",
    "load_service",
]
