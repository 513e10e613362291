"""What was wrong in the register and is right now, in words: to the person, and to offices that had the wrong entry."""

from __future__ import annotations

from formlos.notices.contents import Berichtigt, Berichtigung, Berichtigungsmitteilung
from formlos.notices.letterheads import Letterhead
from formlos.notices.letters import TITLES, UNSIGNED, Row, Table, Words, address_lines, in_words, words_for


@words_for.register
def berichtigung(contents: Berichtigung, head: Letterhead) -> Words:
    name = f"{contents.vornamen} {contents.familienname}"
    done = "Wir haben sie im Melderegister berichtigt." if contents.im_register else _BY_HAND
    return Words(
        title=TITLES["berichtigung"],
        subtitle="§ 6 Absatz 1, § 12 Bundesmeldegesetz",
        recipient=(name, *address_lines(contents.richtige_anschrift or contents.anschrift)),
        reference=contents.zeichen,
        opening=("Guten Tag,", f"Sie hatten recht: Die Angabe war falsch. {done}"),
        tables=(_table(contents),),
        closing=(
            _told(contents),
            "Schreiben, die Sie früher von uns bekommen haben, nennen noch die alte Angabe. Brauchen Sie neue, sagen Sie "
            "es uns bitte.",
            UNSIGNED,
        ),
    )


@words_for.register
def berichtigungsmitteilung(contents: Berichtigungsmitteilung, head: Letterhead) -> Words:
    person = (
        Row("Familienname", contents.familienname),
        Row("Vornamen", contents.vornamen),
        Row("Geburtsdatum", in_words(contents.geburtsdatum)),
    )
    return Words(
        title=TITLES["berichtigungsmitteilung"],
        subtitle="Brief anstelle einer elektronischen Nachricht",
        recipient=("Meldebehörde", contents.behoerde),
        reference=contents.zeichen,
        opening=(
            "Guten Tag,",
            "wir hatten Ihnen zu der Anmeldung der folgenden Person eine Angabe übermittelt, die falsch war. Wir haben "
            "sie berichtigt und unterrichten Sie darüber (§ 6 Absatz 1 Satz 2 Bundesmeldegesetz).",
        ),
        tables=(Table(person, caption="Anmeldung von"), _table(contents)),
        closing=("Bitte prüfen Sie, ob Ihr Register entsprechend zu berichtigen ist.",),
    )


_BY_HAND = "Ein Mensch im Amt hat sie berichtigt; diese Plattform ändert solche Angaben nicht selbst."


def _table(contents: Berichtigt) -> Table:
    if contents.richtige_anschrift:
        right = ", ".join(address_lines(contents.richtige_anschrift))
    else:
        right = in_words(contents.tag) if contents.tag else str(contents.text)
    rows = (Row("Angabe", contents.angabe), Row("Bisher", contents.bisher), Row("Richtig", right))
    return Table(rows, caption="Was berichtigt ist")


def _told(contents: Berichtigung) -> str:
    towns = ", ".join(office.name for office in contents.stellen)
    if not towns and contents.im_register:
        return "Aus Ihrem Vorgang hat diese Plattform die falsche Angabe an keine andere Behörde gesendet."
    if not towns:
        return "Andere Stellen haben wir nicht unterrichtet."
    return (
        f"Die falsche Angabe war aus Ihrem Vorgang an diese Meldebehörden gegangen: {towns}. Sie bekommen von uns einen "
        "Brief mit der richtigen Angabe. Andere Stellen haben wir nicht unterrichtet."
    )
