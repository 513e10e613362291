"""Address register: what stands where, who owns it and who lets it."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel
from formlos.registers.models.history import reference


class Street(TenantModel):
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="registers_street_once")]


class Building(TenantModel):
    """A house with its postal address."""

    street = reference(Street, related_name="buildings", db_index=False)
    hausnummer = models.CharField(max_length=10)
    postleitzahl = models.CharField(max_length=5)
    ort = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["street", "hausnummer", "postleitzahl"], name="registers_building_once")
        ]


class Dwelling(TenantModel):
    """A unit of a building. ``zusatz`` tells units of one building apart; floor area in square metres.

    Not every unit is a dwelling in the sense of § 20 BMG: shops and workshops are not.
    """

    building = reference(Building, related_name="dwellings", db_index=False)
    zusatz = models.CharField(max_length=60, blank=True)
    wohnflaeche = models.PositiveSmallIntegerField(null=True)
    ist_wohnung = models.BooleanField(default=True)
    eigentuemer_name = models.CharField(max_length=200, blank=True)
    wohnungsgeber_name = models.CharField(max_length=200, blank=True)
    wohnungsgeber_anschrift = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "zusatz"], name="registers_dwelling_once")]
