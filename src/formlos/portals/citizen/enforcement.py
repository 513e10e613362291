"""Who watches over accessible pages of municipalities, and who settles disputes about them, by Land.

Sources: §§ 10, 10b L-BGG (Baden-Württemberg); BayDiG and BayDiV (Bavaria); elsewhere the Land's own law of equality.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Enforcement:
    """``law``: what obliges the municipality; ``watching`` and ``settling`` are German names and addresses."""

    law: str
    watching: str
    settling: str
    address: str
    website: str


BY_LAND = {
    "BW": Enforcement(
        law="§ 10 Landes-Behindertengleichstellungsgesetz (L-BGG), BITV 2.0",
        watching="Überwachungsstelle für mediale Barrierefreiheit des Landes Baden-Württemberg",
        settling="Schlichtungsstelle beim Landeszentrum Barrierefreiheit (§ 10b L-BGG)",
        address="Else-Josenhans-Straße 6, 70173 Stuttgart",
        website="https://barrierefreiheit-bw.de/",
    ),
    "BY": Enforcement(
        law="Bayerisches Digitalgesetz (BayDiG) und Bayerische Digitalverordnung (BayDiV), BITV 2.0",
        watching="Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik",
        settling="Landesamt für Digitalisierung, Breitband und Vermessung, IT-Dienstleistungszentrum",
        address="St.-Martin-Straße 47, 81541 München",
        website="https://www.ldbv.bayern.de/",
    ),
}


def enforcement_in(land: str) -> Enforcement | None:
    """None for a Land whose bodies this software does not know: the statement then says so."""
    return BY_LAND.get(land)
