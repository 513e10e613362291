"""What each layout may say: typed contents, cut from an effect's arguments. Anything else is dropped here.

A notice stores these contents only, so a register record that is passed in whole leaves no trace in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from formlos.law.language import NONE


class ContentsRefused(ValueError):
    """The arguments of a notice lack something its layout must say, or have it in the wrong form."""

    code = "notice_contents_refused"


class UnknownLayout(LookupError):
    """No layout of this name exists."""

    code = "unknown_layout"


def _nothing(value: Any) -> Any:
    """Known to be none, in Python or JSON form, and empty text all mean: nothing to print."""
    return None if value is NONE or value in ({"none": True}, "") else value


def _keys(value: Any) -> Any:
    """A list of texts as the engine writes it in JSON."""
    return value["keys"] if isinstance(value, Mapping) and "keys" in value else value


Text = Annotated[str, BeforeValidator(_nothing)]
OptionalText = Annotated[str | None, BeforeValidator(_nothing)]
OptionalDay = Annotated[date | None, BeforeValidator(_nothing)]


class Contents(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Anschrift(Contents):
    strasse: Text
    hausnummer: OptionalText = None
    zusatz: OptionalText = None
    postleitzahl: Text
    ort: Text


class Empfaenger(Anschrift):
    name: Text


class BestaetigtePerson(Contents):
    """Nr. 1 to 4 of § 24 Abs. 2 BMG."""

    familienname: Text
    vornamen: Text
    rufname: OptionalText = None
    doktorgrad: OptionalText = None
    geburtsdatum: date


class Meldebestaetigung(Contents):
    """The eight items of § 24 Abs. 2 BMG. "Darf nur": no item may be added here."""

    person: BestaetigtePerson
    anschrift: Anschrift
    einzugsdatum: OptionalDay = None
    auszugsdatum: OptionalDay = None
    meldedatum: date
    wohnungsstatus: Literal["alleinige", "haupt", "neben"]

    def model_post_init(self, _: Any) -> None:
        if (self.einzugsdatum is None) == (self.auszugsdatum is None):
            raise ValueError("either einzugsdatum or auszugsdatum, not both")


class Codebrief(Contents):
    """Code to the new address, § 23a Abs. 3 BMG."""

    familienname: Text
    vornamen: Text
    neue_anschrift: Anschrift
    code: Text
    gueltig_bis: date


class Grund(Contents):
    text: Text
    norm: OptionalText = None


class Termin(Contents):
    wann: Text
    wo: Text
    mitbringen: tuple[str, ...] = ()


class Bescheid(Contents):
    """A general notice. ``absaetze`` says what was decided, ``gruende`` why, ``rechtsbehelf`` what can be done.

    Effects may give one ``text``, one ``grund`` with its ``norm``, and ``vornamen``, ``familienname`` and ``anschrift``.
    """

    empfaenger: Empfaenger
    betreff: Text
    absaetze: tuple[str, ...]
    gruende: tuple[Grund, ...] = ()
    termin: Termin | None = None
    schluss: tuple[str, ...] = ()
    rechtsbehelf: OptionalText = None
    zeichen: OptionalText = None

    @model_validator(mode="before")
    @classmethod
    def _from_facts(cls, given: Any) -> Any:
        told = dict(given)
        if "anschrift" in told:
            name = " ".join(str(told[part]) for part in ("vornamen", "familienname") if _nothing(told.get(part)))
            told["empfaenger"] = {**told["anschrift"], "name": name}
        if "text" in told:
            told["absaetze"] = ["Guten Tag,", *str(told["text"]).split("\n\n")]
        if _nothing(told.get("grund")):
            told["gruende"] = [{"text": told["grund"], "norm": told.get("norm")}]
        return told


class GemeldetePerson(BestaetigtePerson):
    """Of § 3 Abs. 1 BMG what the deciding service hands over to the other registration authority."""

    geburtsname: OptionalText = None
    geburtsort: OptionalText = None
    geschlecht: OptionalText = None
    staatsangehoerigkeit: OptionalText = None
    familienstand: OptionalText = None


class Rueckmeldung(Contents):
    """§ 33 Abs. 1 BMG, on paper because the other authority cannot be reached electronically.

    ``behoerde`` is its name, or only the town's, when no more is known of it.
    """

    behoerde: Text
    personen: tuple[GemeldetePerson, ...]
    bisherige_anschrift: Anschrift
    neue_anschrift: Anschrift
    einzugsdatum: date
    wohnungsstatus: Literal["alleinige", "haupt", "neben"]
    zeichen: OptionalText = None


class Sperrenbestaetigung(Contents):
    """What was blocked, or is allowed again, and from when (§ 42 Abs. 3, § 50 Abs. 5 BMG)."""

    familienname: Text
    vornamen: Text
    anschrift: Anschrift
    vorhaben: Literal["widersprechen", "aufheben"]
    sperren: Annotated[tuple[Literal["parteien", "jubilaeen", "religionsgesellschaft"], ...], BeforeValidator(_keys)]
    wirksam_ab: date
    erklaert_am: date


class Berichtigt(Contents):
    """One entry that was wrong: as it stood, in words, and as it is right; exactly one of the last three is given."""

    familienname: Text
    vornamen: Text
    angabe: Text
    bisher: Text
    text: OptionalText = None
    tag: OptionalDay = None
    richtige_anschrift: Annotated[Anschrift | None, BeforeValidator(_nothing)] = None

    def model_post_init(self, _: Any) -> None:
        if sum(value is not None for value in (self.text, self.tag, self.richtige_anschrift)) != 1:
            raise ValueError("exactly one of text, tag and richtige_anschrift")


class Stelle(Contents):
    name: Text


class Berichtigung(Berichtigt):
    """To the person: what was put right and who is told of it, no more (§ 6 Abs. 1 BMG).

    ``im_register``: the platform itself has changed the entry; ``stellen``: towns whose registration authority is
    written to.
    """

    anschrift: Anschrift
    im_register: bool
    stellen: tuple[Stelle, ...] = ()
    zeichen: OptionalText = None


class Berichtigungsmitteilung(Berichtigt):
    """On paper to a registration authority that had been told the wrong entry (§ 6 Abs. 1 Satz 2 BMG)."""

    behoerde: Text
    geburtsdatum: date
    zeichen: OptionalText = None


class Wohnungsgeberbestaetigung(Contents):
    """§ 19 Abs. 3 BMG, and the code that § 19 Abs. 4 BMG has the landlord hand on.

    ``personen``: a name a line. ``wohnungsgeber`` and its ``…_sitz`` are empty when landlords confirm themselves.
    """

    familienname: Text
    vornamen: Text
    wohnungsgeber: OptionalText = None
    wohnungsgeber_sitz: OptionalText = None
    wohnungsgeber_anschrift: Anschrift
    eigentuemer: OptionalText = None
    anschrift: Anschrift
    einzugsdatum: date
    personen: Text
    code: Text


LAYOUTS: dict[str, type[Contents]] = {
    "meldebestaetigung": Meldebestaetigung,
    "codebrief": Codebrief,
    "bescheid": Bescheid,
    "rueckmeldung": Rueckmeldung,
    "sperrenbestaetigung": Sperrenbestaetigung,
    "wohnungsgeberbestaetigung": Wohnungsgeberbestaetigung,
    "berichtigung": Berichtigung,
    "berichtigungsmitteilung": Berichtigungsmitteilung,
}
# Sent by post only: a code proves an address only if it came there; the other letters are not the applicant's.
POSTED = frozenset({"codebrief", "rueckmeldung", "berichtigungsmitteilung"})


def contents_for(*, layout: str, arguments: Mapping[str, Any]) -> Contents:
    """Cut ``arguments`` (JSON form) to what the layout may say.

    Raises ``UnknownLayout``, or ``ContentsRefused`` naming the fields that are missing or malformed
    (never their values: they are personal data).
    """
    if layout not in LAYOUTS:
        raise UnknownLayout(layout)
    try:
        return LAYOUTS[layout].model_validate(dict(arguments))
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, detail["loc"])) or detail["type"] for detail in error.errors())
        raise ContentsRefused(f"layout {layout}: {wrong}") from None
