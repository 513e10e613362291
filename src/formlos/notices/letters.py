"""Contents in words: one letter, from which the page is set."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from functools import singledispatch
from typing import Any

from django.utils.translation import gettext_noop

from formlos.notices.contents import (
    Anschrift,
    Bescheid,
    BestaetigtePerson,
    Codebrief,
    Contents,
    Empfaenger,
    GemeldetePerson,
    Meldebestaetigung,
    Rueckmeldung,
    Sperrenbestaetigung,
    Wohnungsgeberbestaetigung,
)
from formlos.notices.letterheads import Letterhead

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
# Letters are in German; pages of other languages say beside the title what it means.
TITLES = {
    "meldebestaetigung": gettext_noop("Amtliche Meldebestätigung"),
    "codebrief": gettext_noop("Ihr Code für die Anmeldung"),
    "sperrenbestaetigung": gettext_noop("Ihr Widerspruch gegen die Weitergabe von Meldedaten"),
    "rueckmeldung": "Rückmeldung nach § 33 Absatz 1 Bundesmeldegesetz",
    "wohnungsgeberbestaetigung": gettext_noop("Wohnungsgeberbestätigung mit Code"),
    "berichtigung": gettext_noop("Wir haben die Angabe berichtigt"),
    "berichtigungsmitteilung": "Berichtigung nach § 6 Absatz 1 Bundesmeldegesetz",
}
DWELLING = {"alleinige": "Alleinige Wohnung", "haupt": "Hauptwohnung", "neben": "Nebenwohnung"}
SEX = {"m": "männlich", "w": "weiblich", "d": "divers", "x": "ohne Angabe"}
MARITAL_STATUS = {
    "LD": "ledig",
    "VH": "verheiratet",
    "VW": "verwitwet",
    "GS": "geschieden",
    "EA": "Ehe aufgehoben",
    "LP": "in Lebenspartnerschaft",
    "LV": "Lebenspartnerschaft durch Tod beendet",
    "LA": "Lebenspartnerschaft aufgehoben",
    "LE": "Lebenspartnerschaft durch Todeserklärung beendet",
}
TRANSMISSIONS = {
    "parteien": ("Auskunft an Parteien und Wählergruppen vor Wahlen und Abstimmungen", "§ 50 Absatz 1 und 5 BMG"),
    "jubilaeen": (
        "Auskunft über Alters- und Ehejubiläen an Mandatsträger, Presse und Rundfunk",
        "§ 50 Absatz 2 und 5 BMG",
    ),
    "religionsgesellschaft": (
        "Übermittlung an die Religionsgesellschaft eines Familienmitglieds, außer für die Steuer",
        "§ 42 Absatz 3 BMG",
    ),
}
UNSIGNED = "Dieses Schreiben wurde maschinell erstellt und ist ohne Unterschrift gültig."


@dataclass(frozen=True)
class Row:
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]
    caption: str = ""
    columns: tuple[str, str] = ("Angabe", "Eintrag")


@dataclass(frozen=True)
class Highlight:
    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a layout says; every text is plain, no markup of any kind is interpreted."""

    title: str
    subtitle: str = ""
    recipient: tuple[str, ...] = ()
    reference: str | None = None
    opening: tuple[str, ...] = ()
    highlight: Highlight | None = None
    tables: tuple[Table, ...] = ()
    steps_title: str = ""
    steps: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()


def letter(*, layout: str, contents: Contents, head: Letterhead, written_on: date) -> dict[str, Any]:
    """The whole letter as JSON-able data for a layout or a template."""
    words = words_for(contents, head)
    reference = [("Zeichen", words.reference)] if words.reference else []
    return asdict(words) | {
        "head": asdict(head),
        "information": [["Datum", in_words(written_on)], *map(list, reference), *map(list, head.contact)],
        "signature": ["Im Auftrag", head.office] if layout in ("rueckmeldung", "berichtigungsmitteilung") else [],
        "seal_note": _seal_note(head) if layout != "codebrief" else "",
        "attachment": f"{layout}.json",
    }


@singledispatch
def words_for(contents: Contents, head: Letterhead) -> Words:
    raise TypeError(f"no words for {type(contents).__name__}")


@words_for.register
def meldebestaetigung(contents: Meldebestaetigung, head: Letterhead) -> Words:
    moved_in = contents.einzugsdatum is not None
    day = contents.einzugsdatum or contents.auszugsdatum
    assert day is not None
    rows = (
        *_person_rows(contents.person),
        Row("Einzugsdatum" if moved_in else "Auszugsdatum", in_words(day)),
        Row("Tag der Anmeldung" if moved_in else "Tag der Abmeldung", in_words(contents.meldedatum)),
        Row("Anschrift", ", ".join(address_lines(contents.anschrift))),
        Row("Art der Wohnung", DWELLING[contents.wohnungsstatus]),
    )
    return Words(
        title=TITLES["meldebestaetigung"],
        subtitle=f"über die {'Anmeldung' if moved_in else 'Abmeldung'} einer Wohnung, § 24 Absatz 2 Bundesmeldegesetz",
        recipient=(_full_name(contents.person), *address_lines(contents.anschrift)) if moved_in else (),
        opening=(
            f"Die Meldebehörde bestätigt, dass die folgende {'Anmeldung' if moved_in else 'Abmeldung'} "
            "in das Melderegister eingetragen ist:",
        ),
        tables=(Table(rows),),
        closing=(
            "Diese Bestätigung ist gebührenfrei. Sie wurde maschinell erstellt und ist ohne Unterschrift gültig.",
        ),
    )


@words_for.register
def codebrief(contents: Codebrief, head: Letterhead) -> Words:
    web = dict(head.contact).get("Internet")
    return Words(
        title=TITLES["codebrief"],
        subtitle="Bestätigung der neuen Wohnung, § 23a Absatz 3 Bundesmeldegesetz",
        recipient=(f"{contents.vornamen} {contents.familienname}", *address_lines(contents.neue_anschrift)),
        opening=(
            "Sie melden Ihre neue Wohnung elektronisch an. Mit diesem Code bestätigen Sie, dass Sie unter der "
            "neuen Anschrift zu erreichen sind. Er ersetzt die Bestätigung Ihres Wohnungsgebers.",
        ),
        highlight=Highlight("Ihr Code", contents.code, f"Gültig bis {in_words(contents.gueltig_bis)}"),
        steps_title="So geht es weiter",
        steps=(
            f"Öffnen Sie Ihren Vorgang auf {web}." if web else "Öffnen Sie Ihren Vorgang.",
            "Geben Sie den Code ein.",
            "Danach wird Ihre Anmeldung ohne weiteres Zutun abgeschlossen und Sie erhalten die Meldebestätigung.",
        ),
        closing=(
            "Geben Sie den Code niemandem weiter; auch wir fragen nie danach. Haben Sie sich nicht angemeldet "
            "oder wohnt die genannte Person nicht hier, sagen Sie uns bitte kurz Bescheid.",
            UNSIGNED,
        ),
    )


@words_for.register
def bescheid(contents: Bescheid, head: Letterhead) -> Words:
    return Words(
        title=contents.betreff,
        recipient=_recipient(contents.empfaenger),
        reference=contents.zeichen,
        opening=contents.absaetze,
        highlight=_appointment(contents),
        steps_title="Gründe" if contents.gruende else "",
        steps=tuple(f"{reason.text} ({reason.norm})" if reason.norm else reason.text for reason in contents.gruende),
        closing=(*contents.schluss, UNSIGNED),
        remedy=(contents.rechtsbehelf,) if contents.rechtsbehelf else (),
    )


@words_for.register
def rueckmeldung(contents: Rueckmeldung, head: Letterhead) -> Words:
    count = len(contents.personen)
    persons = tuple(
        Table(_person_rows(person), caption=f"Person {number} von {count}" if count > 1 else "Person")
        for number, person in enumerate(contents.personen, start=1)
    )
    former = contents.bisherige_anschrift
    authority = ("Meldebehörde",) if contents.behoerde == former.ort else (contents.behoerde, "Meldebehörde")
    return Words(
        title=TITLES["rueckmeldung"],
        subtitle="Ersatz für die elektronische Nachricht 0201 (OSCI-XMeld)",
        recipient=(*authority, f"{former.postleitzahl} {former.ort}"),
        reference=contents.zeichen,
        opening=(
            "Guten Tag,",
            f"{'die folgende Person hat' if count == 1 else f'die folgenden {count} Personen haben'} sich bei uns "
            "angemeldet. Wir teilen es Ihnen in dieser Form mit, weil Ihre Behörde für uns elektronisch nicht "
            "erreichbar ist.",
        ),
        tables=(_dwelling(contents), *persons),
        closing=(
            "Bitte verarbeiten Sie die Angaben unverzüglich und senden Sie uns die Auswertung der Rückmeldung "
            "innerhalb von drei Werktagen nach Eingang (§ 33 Absatz 2 Bundesmeldegesetz).",
            "Der Datei dieses Schreibens sind die Angaben maschinenlesbar beigefügt.",
        ),
    )


@words_for.register
def sperrenbestaetigung(contents: Sperrenbestaetigung, head: Letterhead) -> Words:
    blocks = contents.vorhaben == "widersprechen"
    day, said = in_words(contents.wirksam_ab), in_words(contents.erklaert_am)
    rows = tuple(Row(norm, what) for what, norm in (TRANSMISSIONS[name] for name in contents.sperren))
    done = (
        f"Sie haben am {said} widersprochen. Ab dem {day} geben wir Ihre Meldedaten dafür nicht mehr weiter:"
        if blocks
        else f"Sie haben am {said} Ihren Widerspruch zurückgenommen. Ab dem {day} ist diese Weitergabe wieder erlaubt:"
    )
    return Words(
        title=TITLES["sperrenbestaetigung"],
        subtitle="Übermittlungssperre eingerichtet" if blocks else "Übermittlungssperre aufgehoben",
        recipient=(f"{contents.vornamen} {contents.familienname}", *address_lines(contents.anschrift)),
        opening=(done,),
        tables=(Table(rows, columns=("Rechtsgrundlage", "Weitergabe")),),
        closing=(
            "Das ist kostenlos. Sie können es jederzeit wieder ändern, ohne Grund, online oder am Schalter.",
            UNSIGNED,
        ),
    )


@words_for.register
def wohnungsgeberbestaetigung(contents: Wohnungsgeberbestaetigung, head: Letterhead) -> Words:
    own = f"{contents.vornamen} {contents.familienname}"
    landlord = ", ".join(filter(None, (contents.wohnungsgeber, contents.wohnungsgeber_sitz))) or ", ".join(
        (own, *address_lines(contents.wohnungsgeber_anschrift))
    )
    owner = (Row("Eigentümer", contents.eigentuemer),) if contents.eigentuemer else ()
    agent = (Row("Bestätigt durch", own),) if contents.wohnungsgeber else ()
    rows = (
        Row("Wohnungsgeber", landlord),
        *owner,
        *agent,
        Row("Wohnung", ", ".join(address_lines(contents.anschrift))),
        Row("Einzugsdatum", in_words(contents.einzugsdatum)),
        *(Row("Zieht ein", name.strip()) for name in contents.personen.splitlines() if name.strip()),
    )
    return Words(
        title=TITLES["wohnungsgeberbestaetigung"],
        subtitle="elektronisch gegenüber der Meldebehörde, § 19 Absatz 4 Bundesmeldegesetz",
        recipient=(own, *address_lines(contents.wohnungsgeber_anschrift)),
        opening=("Sie haben uns diesen Einzug bestätigt. Geben Sie den Code der Person, die einzieht:",),
        highlight=Highlight(
            "Code für die Anmeldung", contents.code, "Er gilt für eine Anmeldung, diese Wohnung und diesen Tag."
        ),
        tables=(Table(rows),),
        steps_title="Text zum Weitergeben",
        steps=(
            f"Ihr Code für die Anmeldung der neuen Wohnung: {contents.code}",
            "Melden Sie sich innerhalb von zwei Wochen nach dem Einzug an und geben Sie dabei den Code ein. "
            "Eine Bestätigung auf Papier brauchen Sie dann nicht.",
        ),
        closing=(UNSIGNED,),
    )


def in_words(day: date) -> str:
    """``2026-03-01`` as „1. März 2026“, the day kept with its month by a no-break space."""
    return f"{day.day}.\u00a0{MONTHS[day.month - 1]} {day.year}"


def _full_name(person: BestaetigtePerson) -> str:
    return " ".join(filter(None, (person.doktorgrad, person.vornamen, person.familienname)))


def address_lines(address: Anschrift) -> tuple[str, ...]:
    street = " ".join(filter(None, (address.strasse, address.hausnummer)))
    return tuple(filter(None, (address.zusatz, street, f"{address.postleitzahl} {address.ort}")))


def _recipient(address: Empfaenger) -> tuple[str, ...]:
    return (address.name, *address_lines(address))


def _person_rows(person: BestaetigtePerson) -> tuple[Row, ...]:
    usual = person.rufname if person.rufname and person.rufname != person.vornamen else None
    rows = [
        Row("Familienname", person.familienname),
        Row("Vornamen", person.vornamen, f"Gebräuchlicher Vorname: {usual}" if usual else ""),
    ]
    if person.doktorgrad:
        rows.append(Row("Doktorgrad", person.doktorgrad))
    rows.append(Row("Geburtsdatum", in_words(person.geburtsdatum)))
    return (*rows, *(_further_rows(person) if isinstance(person, GemeldetePerson) else ()))


def _further_rows(person: GemeldetePerson) -> tuple[Row, ...]:
    further = (
        ("Geburtsname", person.geburtsname),
        ("Geburtsort", person.geburtsort),
        ("Geschlecht", SEX.get(person.geschlecht or "", person.geschlecht)),
        ("Staatsangehörigkeit", "deutsch" if person.staatsangehoerigkeit == "DEU" else person.staatsangehoerigkeit),
        ("Familienstand", MARITAL_STATUS.get(person.familienstand or "", person.familienstand)),
    )
    return tuple(Row(label, value) for label, value in further if value)


def _dwelling(contents: Rueckmeldung) -> Table:
    return Table(
        (
            Row("Neue Anschrift", ", ".join(address_lines(contents.neue_anschrift))),
            Row("Art der Wohnung", DWELLING[contents.wohnungsstatus]),
            Row("Einzugsdatum", in_words(contents.einzugsdatum)),
            Row("Bisherige Anschrift", ", ".join(address_lines(contents.bisherige_anschrift))),
        ),
        caption="Wohnung",
    )


def _appointment(contents: Bescheid) -> Highlight | None:
    if contents.termin is None:
        return None
    bring = contents.termin.mitbringen
    note = f"{contents.termin.wo}" + (f"\nBitte bringen Sie mit: {', '.join(bring)}" if bring else "")
    return Highlight("Ihr Termin", contents.termin.wann, note)


def _seal_note(head: Letterhead) -> str:
    check = f" Ob die Datei echt und unverändert ist, zeigt {head.verify_at}." if head.verify_at else ""
    return f"Elektronisch gesiegelt: {head.municipality}.{check} Auf dem Ausdruck ist das Siegel nicht enthalten."
