"""Residents, where they live, to whom they belong, and what may not be told about them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from formlos.registers.models.addresses import Dwelling
from formlos.registers.models.history import Versioned, reference

MAIN = ("alleinige", "haupt")


class Resident(Versioned):
    """The § 3 Abs. 1 BMG facts of a person; names as in the documents (NFC), empty text where there is none.

    ``suchform`` is for searching only and never shown. ``merkmale`` holds § 3 Abs. 2 BMG facts that came
    with an Auswertung. ``subject`` is the account's identifier in this municipality, if it has one.
    """

    familienname = models.CharField(max_length=200)
    geburtsname = models.CharField(max_length=200, blank=True)
    vornamen = models.CharField(max_length=200)
    rufname = models.CharField(max_length=100, blank=True)
    doktorgrad = models.CharField(max_length=40, blank=True)
    geburtsdatum = models.DateField()
    geburtsort = models.CharField(max_length=100, blank=True)
    geschlecht = models.CharField(max_length=1)
    staatsangehoerigkeit = models.CharField(max_length=3)
    familienstand = models.CharField(max_length=2)
    religion = models.CharField(max_length=4, blank=True)
    identifikationsnummer = models.CharField(max_length=11, blank=True)
    ausweis_art = models.CharField(max_length=20, blank=True)
    ausweis_nummer = models.CharField(max_length=20, blank=True)
    ausweis_gueltig_bis = models.DateField(null=True)
    sterbedatum = models.DateField(null=True)
    merkmale = models.JSONField(default=dict)
    suchform = models.CharField(max_length=400)
    subject = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "identifikationsnummer"],
                condition=~Q(identifikationsnummer=""),
                name="registers_resident_once",
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "familienname", "geburtsdatum"], name="registers_resident_match"),
            GinIndex(fields=["suchform"], opclasses=["gin_trgm_ops"], name="registers_resident_search"),
        ]


class Residence(Versioned):
    """A resident lives, or lived, in a dwelling of this municipality or in one ``anderswo``.

    Addresses elsewhere, before and after have the fields of ``vocabulary.Anschrift``. ``auszugsdatum`` is
    null while the residence lasts.
    """

    resident = reference(Resident, related_name="residences")
    dwelling = reference(Dwelling, null=True, related_name="residences")
    anderswo = models.JSONField(null=True)
    status = models.CharField(max_length=9)
    einzugsdatum = models.DateField()
    auszugsdatum = models.DateField(null=True)
    anmeldedatum = models.DateField()
    zuzug_von = models.JSONField(null=True)
    wegzug_nach = models.JSONField(null=True)
    nach_unbekannt = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(auszugsdatum__isnull=True, status__in=MAIN),
                name="registers_one_main_dwelling",
            ),
            models.UniqueConstraint(
                fields=["resident", "dwelling"],
                condition=Q(auszugsdatum__isnull=True),
                name="registers_registered_once",
            ),
            models.CheckConstraint(
                condition=Q(dwelling__isnull=True, anderswo__isnull=False)
                | Q(dwelling__isnull=False, anderswo__isnull=True),
                name="registers_lives_somewhere",
            ),
            models.CheckConstraint(condition=Q(status__in=[*MAIN, "neben"]), name="registers_residence_status"),
            models.CheckConstraint(
                condition=Q(auszugsdatum__isnull=True) | Q(auszugsdatum__gte=F("einzugsdatum")),
                name="registers_out_after_in",
            ),
        ]


class Relation(Versioned):
    """``resident`` is spouse, civil partner or parent of ``related``. Couples are stored once.

    ``sorgerecht`` says whether a parent has custody, ``getrennt_lebend`` whether a couple is separated.
    """

    SPOUSE, PARTNER, PARENT = "ehegatte", "lebenspartner", "elternteil"

    kind = models.CharField(max_length=13)
    resident = reference(Resident, related_name="relations")
    related = reference(Resident, related_name="relations_to")
    sorgerecht = models.BooleanField(default=False)
    getrennt_lebend = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "related", "kind"], name="registers_relation_once"),
            models.CheckConstraint(condition=~Q(resident=F("related")), name="registers_relation_to_other"),
            models.CheckConstraint(
                condition=Q(kind__in=["ehegatte", "lebenspartner", "elternteil"]),
                name="registers_relation_kind",
            ),
        ]


class Lock(Versioned):
    """A bar on telling others about a resident, or an objection to a regular transmission.

    It holds from ``since`` to the day before ``until`` for an objection, to ``until`` for protection; null is open.
    """

    AUSKUNFTSSPERRE, BEDINGTER_SPERRVERMERK = "auskunftssperre", "bedingter_sperrvermerk"  # §§ 51, 52 BMG
    OBJECTIONS = ("religionsgesellschaft", "parteien", "jubilaeen")  # § 42 Abs. 3, § 50 Abs. 5 BMG

    resident = reference(Resident, related_name="locks")
    kind = models.CharField(max_length=30)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "kind"], name="registers_lock_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "auskunftssperre",
                        "bedingter_sperrvermerk",
                        "religionsgesellschaft",
                        "parteien",
                        "jubilaeen",
                    ]
                ),
                name="registers_lock_kind",
            ),
        ]
