"""One invented town in which every page of the product has something to show, and who may see which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from tests.counters import clerk, document, goes_on, open_for_appointments, place, staff_cookie
from tests.people import build, person, settle

from formlos.base import clock
from formlos.base.tenancy import Municipality, within
from formlos.catalogue.operations import adopt, publish
from formlos.config.environment import PROJECT
from formlos.feedback.operations import report
from formlos.identity import contacts
from formlos.identity.wallet import demo_pid
from formlos.notices.queries import notices_of
from formlos.portals.citizen.pages import contact
from formlos.portals.citizen.tests import musterstadt
from formlos.portals.citizen.tests.test_afterwards import correct, object_to, refuse

SLUG = musterstadt.SLUG
SERVICES = ("umzug", "wohnungsgeberbestaetigung", "uebermittlungssperren", "berichtigung", "widerspruch")
IN_FEW_LANGUAGES = ("uebermittlungssperren", "wohnungsgeberbestaetigung")
LANDLORD = musterstadt.ADA | {"familienname": "Wägele", "vornamen": "Karl", "geburtsdatum": "1960-01-01"}
HOME = {"strasse": "Lindenweg", "hausnummer": "12", "zusatz": "", "postleitzahl": "12345", "ort": "Musterstadt"}
ANSWERS: dict[str, Any] = {
    "berechtigung_ist_versichert": "true",
    "einzug_bestaetigt": "true",
    "neue_anschrift": HOME,
    "wohnungsnachweis": "eigentum",
    "angegebener_wohnungsgeber": "Wohnbau Lerchenfeld eG",
    "handelt_als": "eigentuemer",
    "bezug_ist_versichert": "true",
    "zieht_mit": "true",
}
FIRM = {
    "handelt_als": "beauftragt",
    "angegebener_wohnungsgeber": "Wohnbau Lerchenfeld eG",
    "sitz_des_wohnungsgebers": "Weg 2, 12345 Musterstadt",
    "liste": b"strasse;hausnummer;postleitzahl;ort;einzugsdatum;personen\nLindenweg;3;12345;Musterstadt;1.3.2026;Bo\n",
}
SEEN = {
    "anna": {"question": "fragen/"},
    "berta": {
        "ready": "",
        "review": "angaben/",
        "print": "ausdruck/",
        "change": "angaben/einzugsdatum/",
        "dispute": "stimmt-nicht/familienname/",
        "withdraw": "zuruecknehmen/",
        "back to it": "ausweis/",
    },
    "carla": {"to settle": ""},
}
NEIGHBOUR = {"ags": "08111001", "name": "Nachbarhausen", "land": "BW", "slug": "nachbarhausen"}
OF_ALL_TOWNS = ("pruefen", "barrierefreiheit", "datenschutz", "impressum")
OF_A_TOWN = ("journal", "recht/umzug", "barrierefreiheit", "datenschutz", "impressum")
IN_FEW = (*(f"/{one}/" for one in OF_ALL_TOWNS), *(f"/{SLUG}/{one}/" for one in OF_A_TOWN))
TRIES_TOO_OFTEN = "203.0.113.7"
CHANGES = ("einzugsdatum", "neue_anschrift", "wohnungsnachweis", "uebermittlungssperren")


@dataclass
class Scene:
    """Addresses by what they show, those of ``mover`` in ``pages``.

    landlord: what the invited one sees. in_few: also the landlord's, in few languages. nobody: without a visit. cookies:
    open what somebody prepared without identity. desks: a clerk's cookie and pages.
    """

    pages: dict[str, str] = field(default_factory=dict)
    landlord: dict[str, str] = field(default_factory=dict)
    in_few: dict[str, str] = field(default_factory=dict)
    nobody: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    desks: list[tuple[tuple[str, str], dict[str, str]]] = field(default_factory=list)
    mover: dict[str, Any] = field(default_factory=dict)


def settings_for(home: Path) -> Any:
    """A demo node where mail leaves and a language model may be asked."""
    key = home / "key"
    key.write_text("geheim")
    model = {"address": "https://modell.example/v1", "name": "klein-1", "key_file": str(key)}
    return override_settings(DEMO=True, HOME=home, MAIL_IS_SENT=True, FINDER_MODEL=model)


def compose() -> Scene:
    """Everything that people and clerks may come across, up to date with today."""
    town, scene = musterstadt.build_town(), Scene()
    with within(town):
        for name in SERVICES:
            adopt(document=publish(folder=PROJECT / "services" / name))
        report(text="Мені бракує української тут.", page="/", contact="", language="uk")
    Municipality.objects.create(**NEIGHBOUR)
    demo_pid.enable()
    _dwelling, address = build(town, number="7")
    child = person("Nils", "Groß", born="2019-03-03", rolle="kind")
    ada = person("Ada", "Groß", born="1990-02-28")
    scene.mover = settle(town, address, ada, child).eid
    me = signed_in(scene.mover)
    _public(scene)
    _dialogue(scene, me)
    _afterwards(scene, me, town)
    _prepared(scene, town)
    _counter(scene, town)
    _try_too_often()
    return scene


def proof_of(facts: Mapping[str, Any]) -> str:
    """What identifies this person once."""
    return musterstadt.issue_assertion(person=dict(facts), subject="card-1" if facts["vornamen"] == "Ada" else "karl")


def signed_in(facts: Mapping[str, Any]) -> Client:
    client = musterstadt.browser()
    client.post("/anmelden/demo/", {"nachweis": proof_of(facts)})
    return client


def _public(scene: Scene) -> None:
    scene.pages |= {
        "start": "/",
        "town": f"/{SLUG}/",
        "find": f"/{SLUG}/finden/",
        "matters": f"/{SLUG}/anliegen/",
        "situation": f"/{SLUG}/lebenslage/tiere/",
        "matter": f"/{SLUG}/anliegen/umzug/",
        "offline matter": f"/{SLUG}/anliegen/reisepass/",
        "begin": f"/{SLUG}/anliegen/umzug/beginnen/",
        "for a child": f"/{SLUG}/anliegen/umzug/fuer-wen/",
        "without PIN": f"/{SLUG}/anliegen/umzug/ohne-pin/",
        "code of an appointment": f"/{SLUG}/termin/",
        "sign in": f"/anmelden/?weiter=/{SLUG}/&stufe=high",
        "signed out": "/abgemeldet/",
        "wallet": "/anmelden/wallet/",
        "mine": "/meine/",
        "data": "/meine/daten/",
        "account": "/meine/konto/",
        "close account": "/meine/konto/schliessen/",
        "consents": "/meine/einwilligungen/",
        "closed": "/meine/konto/geschlossen/",
        "old link in a mail": "/meine/konto/e-mail/abgelaufen/",
        "old link": f"/{SLUG}/link/abgelaufen/",
        "report": f"/{SLUG}/barriere-melden/",
        "nowhere": "/nirgends/",
        "unreadable": "/?x=%00",
    }
    scene.nobody = {
        "proof": f"/anmelden/demo/?nachweis=falsch&weiter=/{SLUG}/",
        "no such provider": "/anmelden/los/?anbieter=nirgends",
        "no such login": "/anmelden/zurueck/demo/?state=x",
        "no such request of the wallet": "/anmelden/wallet/zurueck/",
        "clerk's sign-in": "/dienst/anmelden/",
        "clerk's provider is unknown": "/dienst/anmelden/los/?anbieter=nirgends",
        "clerk's login is unknown": "/dienst/anmelden/zurueck/demo/?state=x",
        "clerk signed out": "/dienst/abgemeldet/",
    }


def _dialogue(scene: Scene, me: Client) -> None:
    """Moves at every point of the way, and the landlord whom one of them invites."""
    karl = signed_in(LANDLORD)
    ready, sent = (_answered(me) for _case in range(2))
    invites, asks = (_answered(who, wohnungsnachweis="link") for who in (me, karl))
    begun = begin(me, "umzug")
    assert len({begun, ready, sent, invites}) == 4
    me.post(f"{sent}angaben/")
    link = _link_of(karl, asks)
    scene.pages |= {"link opened": f"{invites}link/wohnungsgeber/", "link": link}
    own = karl.post(_link_of(me, invites))["Location"]
    case = own.replace("einladung/", "")
    listed = karl.post(f"/{SLUG}/vermieten/", FIRM | {"liste": SimpleUploadedFile("l.csv", FIRM["liste"])})
    scene.pages |= {
        "first question": f"{begun}fragen/",
        "begun": begun,
        "review": f"{ready}angaben/",
        **{f"change {path}": f"{ready}angaben/{path}/" for path in CHANGES},
        "dispute": f"{ready}stimmt-nicht/familienname/",
        "withdraw": f"{ready}zuruecknehmen/",
        "wrong before": f"{ready}falsch/",
        "with a clerk": sent,
    }
    scene.nobody["link"] = link
    scene.pages |= {f"{service}, in few languages": f"{begin(me, service)}fragen/" for service in IN_FEW_LANGUAGES}
    scene.pages |= {f"matter {service}": f"/{SLUG}/anliegen/{service}/" for service in IN_FEW_LANGUAGES}
    scene.landlord |= {
        "own link": link,
        "link made": f"{asks}link/wohnungsgeber/",
        "invited": own,
        "landlord's question": f"{case}fragen/",
        "landlord's case": case,
    }
    scene.in_few = {one: one for one in IN_FEW} | {"list": listed["Location"], "lists": f"/{SLUG}/vermieten/"}


def _link_of(client: Client, case: str) -> str:
    page = client.post(f"{case}link/wohnungsgeber/", {"tun": "erstellen"}, follow=True).content.decode()
    found: str = re.findall(r'id="link" value="[^"]*?(/[^/"]+/link/[^"]+)"', page)[0]
    return found


def _answered(client: Client, **said: Any) -> str:
    """A case of its own: one in which nobody has answered would be begun again instead."""
    case = begin(client, "umzug")
    answer(client, case, **said)
    return case


def begin(client: Client, service: str) -> str:
    """The path of a new case."""
    opened: Any = client.post(f"/{SLUG}/anliegen/{service}/beginnen/", follow=True)
    return place(opened).partition("fragen/")[0].removesuffix("angaben/")


def answer(client: Client, case: str, **said: Any) -> Any:
    day = {"einzugsdatum": clock.today().isoformat()}
    return goes_on(client, client.get(f"{case}fragen/", follow=True), ANSWERS | day | said)


def _afterwards(scene: Scene, me: Client, town: Municipality) -> None:
    """A decision, its correction, which is refused, and the objection to that; an address that is not confirmed."""
    person = musterstadt.identify_ada()
    refused = []
    for _twice in range(2):
        decided = _decided(town, person)
        correction = correct(me, decided)
        refused.append((correction, refuse(town, correction)))
    (first, act), (second, other) = refused
    done, wrong = f"/{SLUG}/vorgang/{decided}/", f"/{SLUG}/vorgang/{first}/"
    scene.pages |= {"decided": done, "why": f"{done}warum/", "wrong after": f"{done}falsch/", "correction": wrong}
    scene.pages |= {"notice": f"{wrong}{act}/", "objection": f"{wrong}{act}/rechtsbehelf/"}
    scene.pages["objected"] = f"/{SLUG}/vorgang/{object_to(me, second, other)}/"
    with within(town):
        document = next((one.id for one in notices_of(decided)), None)
    scene.pages |= {"document": f"{done}{document}/"} if document else {}
    contacts.propose(person.sub, address="ada@example.org", language="de")
    told = contacts.proposal_of(person.sub)
    scene.pages["link in a mail"] = f"/meine/konto/e-mail/{told[1] if told else ''}/"


def _prepared(scene: Scene, town: Municipality) -> None:
    """Two people without PIN: one chooses a time, one has chosen."""
    open_for_appointments(town)
    times = f"/{SLUG}/vorgang/{{}}/termin/"
    somebody = musterstadt.browser()
    page = somebody.post(f"/{SLUG}/anliegen/umzug/ohne-pin/", follow=True)
    page = goes_on(somebody, page, ANSWERS | {"einzugsdatum": clock.today().isoformat()})
    case = re.findall(r"/vorgang/([0-9a-f-]{36})/", place(page))[0]
    scene.pages |= {"prepared": place(page), "times": times.format(case) + "?aendern"}
    here = f"/{SLUG}/vorgang/{case}/"
    scene.pages |= {"into the account": f"{here}uebernehmen/", "thrown away": f"{here}verwerfen/"}
    free = re.findall(r'name="zeit" value="([^"]+)"', somebody.get(times.format(case)).content.decode())
    somebody.post(times.format(case), {"zeit": free[0]})
    scene.pages["booked"] = times.format(case)
    scene.cookies = {name: one.value for name, one in somebody.cookies.items() if "vorbereitet" in name}


def _counter(scene: Scene, town: Municipality) -> None:
    """Three clerks: one begins, one lets the person check, one has to settle something."""
    at = f"/dienst/{SLUG}/schalter/"
    pages = {"duties": "/dienst/", "reports": "/dienst/rueckmeldungen/", "counter": at, "check": f"{at}neu/umzug/"}
    for subject in ("anna", "berta", "carla"):
        desk = clerk(town, subject=subject)
        opened = desk.post(f"{at}neu/umzug/", document(musterstadt.ADA | {"vornamen": subject.title()}), follow=True)
        case = at + re.findall(r"/schalter/([0-9a-f-]{36})/", place(opened))[0] + "/"
        if subject != "anna":
            answer(desk, case)
        if subject == "carla":
            checked = {"geprueft": "ausdruck", "erklaert": ["berechtigung_ist_versichert"]}
            desk.post(f"{case}angaben/", checked)
        scene.desks.append((staff_cookie(subject), pages | {name: case + part for name, part in SEEN[subject].items()}))
        pages = {}
    settle = re.findall(rf'href="({at}[^"]+/klaeren/[^"]+)"', desk.get(case).content.decode())
    scene.desks[-1][1].update({f"settle {number}": one for number, one in enumerate(settle)})
    _answered_at_the_counter(scene, town, at)


def _answered_at_the_counter(scene: Scene, town: Municipality, at: str) -> None:
    """Somebody comes about a letter; and a service that is another office's."""
    case, act = re.findall(r"/vorgang/([^/]+)/([^/]+)/", scene.pages["notice"])[0]
    came = clerk(town, subject="dora").post(f"{at}{case}/ausweis/", document(musterstadt.ADA))
    assert came.status_code == 302, came.content.decode()
    pages = {"answered": f"{at}{case}/", "notice": f"{at}{case}/{act}/", "not hers": f"{at}neu/baumpatenschaft/"}
    scene.desks.append((staff_cookie("dora"), pages))


def _decided(town: Municipality, person: Any) -> Any:
    case = musterstadt.open_case(town, person)
    musterstadt.bring_to_decision(town, case, person)
    return case


def _try_too_often() -> None:
    """Somebody has opened links of mails until no more are let through for an hour."""
    for _try in range(contact.LINKS.most):
        contact.LINKS.count(TRIES_TOO_OFTEN)
