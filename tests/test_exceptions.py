"""What makes a clerk look (R1 to R7), raised by real registers and cards: asked in a sentence, answered, completed."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from tests.citizens import Citizen, clerk_asks, clerk_says, is_over, is_ready_to_send, is_with_clerk
from tests.nodes import eventually, kinds_sent, munich, stuttgart
from tests.people import LANDLORD, Home, build, demo, person, present, settle

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.registers.models import Building, Dwelling, Lock, Residence, Resident, Street

HOUSES = count(1)
MORE = {"auskunftssperre": False, "weitere_wohnungen": 0}


def resident(vornamen, familienname, **facts):
    """Somebody who lives in Munich."""
    _, address = build(munich(), number=str(next(HOUSES)), street="Prüfstraße")
    return settle(munich(), address, person(vornamen, familienname, **facts))


def completes(citizen, answers, *, asked_in=None):
    """A clerk of the town answers what is asked, each question being a sentence with its reason; the case completes."""
    town, seen = asked_in or stuttgart(), set()

    def answered():
        for path, question in clerk_asks(town).items():
            if path in answers and (asked_in or str(question.case) == citizen.case["id"]):
                assert question.question[-1] in "?." and len(question.question.split()) > 3
                assert question.why and path not in question.question
                seen.add(path)
                clerk_says(town, question.case, path, answers[path])
        return is_over(citizen.looks()) or seen == set(answers) and asked_in

    eventually(answered, otherwise=lambda: (citizen.case["state"], clerk_asks(town)))
    assert seen == set(answers)


def is_registered(citizen):
    """The case ended well: registered once, told to the old authority."""
    assert citizen.goes_on(is_over)["goals"] == {"anmeldung_ist_einzutragen": True}
    assert len(present(stuttgart(), citizen.mover.name)) == 1
    return kinds_sent(stuttgart(), citizen.case["id"]) == ["1702", "0201"]


def test_r1_the_chip_tells_a_former_address(node, new_home):
    bjoern = demo(munich(), "bjoern")
    citizen = Citizen(node, stuttgart(), bjoern, new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    assert "identitaet_ist_geprueft" in clerk_asks(stuttgart(), citizen.case["id"])
    told = person("Björn", "Ößwein", "1990-07-19", geburtsort="Ulm", geschlecht="m", familienstand="GS") | MORE
    told = {name: {"none": True} if value is None else value for name, value in told.items()}
    completes(citizen, {"identitaet_ist_geprueft": True, "personen": [told]})
    assert is_registered(citizen)


def test_r1_nobody_has_this_name(node, new_home):
    unknown = resident("Mia", "Bekannt")
    stranger = type(unknown)("stranger", "Mia Fremd", unknown.eid | {"familienname": "Fremd"}, ())
    citizen = Citizen(node, stuttgart(), stranger, new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    assert "identitaet_ist_geprueft" in clerk_asks(stuttgart(), citizen.case["id"])
    answers = {"identitaet_ist_geprueft": False, "ablehnungsgrund": "Bitte kommen Sie mit Ihrem Ausweis vorbei."}
    completes(citizen, answers)
    assert citizen.looks()["goals"] == {"anmeldung_ist_einzutragen": False}
    assert present(stuttgart(), "Mia Fremd") == [] and len(present(munich(), "Mia Bekannt")) == 1


def test_r2_the_move_was_two_years_ago(node, new_home):
    day = clock.today() - timedelta(days=730)
    home = new_home(stuttgart(), day=day)
    citizen = Citizen(node, stuttgart(), resident("Späte", "Meldung"), home, einzugsdatum=day.isoformat()).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"rueckdatierung_ist_geklaert": True})
    assert is_registered(citizen)


def test_r3_a_houseboat_is_entered_in_the_address_register_before_its_people(node):
    address = {"strasse": "Am Neckarufer", "hausnummer": "7", "zusatz": None, "postleitzahl": "70376"}
    address |= {"ort": "Stuttgart", "ags": "08111000"}
    mover = resident("Boots", "Frau")
    answers = {"wohnungsnachweis": "upload", "wohnungsgeberbestaetigung": "liegeplatz.pdf"}
    citizen = Citizen(node, stuttgart(), mover, Home(address, "", mover.household[0]), **answers).begins()
    citizen.goes_on(is_with_clerk)
    for path in ("wohnung_ist_geprueft", "bestaetigung_ist_in_ordnung"):
        clerk_says(stuttgart(), citizen.case["id"], path, True)
    (question,) = clerk_asks(stuttgart(), citizen.case["id"]).values()
    assert question.path == "effect:eintragung" and question.question.endswith("?")
    assert not citizen.looks()["goals"] and present(stuttgart(), mover.name) == []
    with within(stuttgart()):
        street = Street.objects.create(name=address["strasse"])
        place = {"hausnummer": "7", "postleitzahl": "70376", "ort": "Stuttgart"}
        Dwelling.objects.create(building=Building.objects.create(street=street, **place), wohnflaeche=60)
    clerk_says(stuttgart(), citizen.case["id"], question.path, True)
    assert is_registered(citizen)


def test_r3_somebody_lives_in_a_storage_room(node, new_home):
    answers = {"wohnungsnachweis": "upload", "wohnungsgeberbestaetigung": "vertrag.pdf"}
    home = new_home(stuttgart(), ist_wohnung=False)
    citizen = Citizen(node, stuttgart(), resident("Lager", "Bewohnerin"), home, **answers).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"wohnung_ist_geprueft": True, "bestaetigung_ist_in_ordnung": True})
    assert is_registered(citizen)


def test_r4_the_landlords_code_is_for_another_day(node, new_home):
    home = new_home(stuttgart(), day=clock.today() - timedelta(days=40))
    citizen = Citizen(node, stuttgart(), resident("Anderer", "Tag"), home).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"wohnungsnachweis_ist_anerkannt": True})
    assert is_registered(citizen)


def test_r4_an_invented_code_is_no_proof(node, new_home):
    home = new_home(stuttgart())
    citizen = Citizen(node, stuttgart(), resident("Rate", "Spiel"), home, zuordnungsmerkmal="0000-0000-0000").begins()
    citizen.goes_on(is_with_clerk)
    answers = {"wohnungsnachweis_ist_anerkannt": False, "ablehnungsgrund": "Der Code gehört zu keiner Wohnung."}
    completes(citizen, answers)
    assert citizen.looks()["goals"] == {"anmeldung_ist_einzutragen": False}


def test_r4_people_move_into_their_own_house(node, new_home):
    home = new_home(stuttgart(), eigentuemer_name="Haus Besitzerin")
    citizen = Citizen(node, stuttgart(), resident("Haus", "Besitzerin"), home, wohnungsnachweis="eigentum").begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"eigentum_ist_geprueft": True})
    assert is_registered(citizen)


def test_r4_a_wrong_letter_code_is_looked_at(node, new_home):
    mover = resident("Falscher", "Code")
    answers = {"angegebener_wohnungsgeber": LANDLORD, "anschriftencode": "1111-1111"}
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart()), wohnungsnachweis="brief", **answers).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"wohnungsnachweis_ist_anerkannt": True})
    assert is_registered(citizen)


def test_r5_the_register_knows_a_second_dwelling(node, new_home):
    citizen = Citizen(node, stuttgart(), demo(munich(), "henrike"), new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"wohnungsstatus_nach_pruefung": "haupt"})
    assert citizen.goes_on(is_over)["goals"] == {"anmeldung_ist_einzutragen": True}


def test_r5_the_person_keeps_a_dwelling(node, new_home):
    citizen = Citizen(node, stuttgart(), resident("Zwei", "Wohnungen"), new_home(stuttgart())).begins()
    citizen.goes_on(is_ready_to_send)
    citizen.adds(behaelt_weitere_wohnung=True).goes_on(is_with_clerk)
    completes(citizen, {"wohnungsstatus_nach_pruefung": "neben"})
    assert is_registered(citizen)
    assert len(present(munich(), "Zwei Wohnungen")) == 1


def test_r5_one_spouse_stays(node, new_home):
    _, address = build(munich(), number=str(next(HOUSES)), street="Prüfstraße")
    one = person("Geht", "Allein", familienstand="VH")
    other = person("Bleibt", "Allein", familienstand="VH", rolle="ehegatte", geschlecht="m")
    mover = settle(munich(), address, one, other)
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart()), zieht_mit=False).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"wohnungsstatus_nach_pruefung": "alleinige"})
    assert is_registered(citizen)
    assert len(present(munich(), "Bleibt Allein")) == 1 and present(stuttgart(), "Bleibt Allein") == []


def test_r6_the_dwelling_is_small(node, new_home):
    citizen = Citizen(node, stuttgart(), resident("Enge", "Kammer"), new_home(stuttgart(), wohnflaeche=4)).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"belegung_ist_geklaert": True})
    assert is_registered(citizen)


def test_r6_another_landlord_is_named(node, new_home):
    from tests.test_move import code_in_the_letter

    citizen = Citizen(
        node,
        stuttgart(),
        resident("Unter", "Mieterin"),
        new_home(stuttgart()),
        wohnungsnachweis="brief",
        angegebener_wohnungsgeber="Ein anderer",
        anschriftencode=lambda: code_in_the_letter(citizen.case["id"]),
    ).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"wohnungsgeber_ist_geklaert": True})
    assert is_registered(citizen)


def test_r6_the_old_register_has_the_person_gone_to_an_unknown_place(node, new_home):
    mover = resident("Unbekannt", "Verzogen")
    with within(munich()):
        gone = {"auszugsdatum": clock.today() - timedelta(days=90), "nach_unbekannt": True}
        Residence.objects.filter(resident=mover.household[0]).update(**gone)
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"registereintrag_ist_geklaert": True})
    assert is_registered(citizen)


def test_r6_the_old_register_has_the_person_dead(node, new_home):
    mover = resident("Tot", "Geglaubt")
    with within(munich()):
        Resident.objects.filter(id=mover.household[0]).update(sterbedatum=clock.today() - timedelta(days=90))
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()
    citizen.goes_on(lambda case: "registereintrag_ist_falsch" in clerk_asks(munich()))
    completes(citizen, {"registereintrag_ist_falsch": True}, asked_in=munich())
    assert is_registered(citizen)


def test_r6_the_new_address_is_the_old_one(node, new_home):
    mover = demo(stuttgart(), "kaethe")
    home = Home(mover.eid["anschrift"], "", mover.household[0])
    citizen = Citizen(node, stuttgart(), mover, home, wohnungsnachweis="eigentum").begins()
    citizen.goes_on(is_with_clerk)
    answers = {"eigentum_ist_geprueft": True, "doppelte_anmeldung_ist_geklaert": False}
    completes(citizen, answers | {"ablehnungsgrund": "Sie wohnen dort schon."})
    assert citizen.looks()["goals"] == {"anmeldung_ist_einzutragen": False}
    assert len(present(stuttgart(), mover.name)) == 1


def test_r7_a_residence_permit_is_looked_at(node, new_home):
    citizen = Citizen(node, stuttgart(), demo(munich(), "minh"), new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"auslaendischer_ausweis_ist_geprueft": True})
    assert is_registered(citizen)


def test_r7_a_protected_person_moves_under_protection(node, new_home):
    mover = resident("Ge", "Schützt")
    with within(munich()):
        Lock.objects.create(resident_id=mover.household[0], kind=Lock.AUSKUNFTSSPERRE, recorded_at=clock.now())
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()
    citizen.goes_on(lambda case: "freigabe_trotz_sperre" in clerk_asks(munich()))
    assert "sperre" not in repr([case["known"] + case["pages"] for case in citizen.seen]).lower()
    completes(citizen, {"freigabe_trotz_sperre": True}, asked_in=munich())
    citizen.goes_on(is_with_clerk)
    completes(citizen, {"schutz_ist_gewahrt": True})
    assert is_registered(citizen)


def test_r7_a_guardian_registers_somebody(node, new_home):
    citizen = Citizen(node, stuttgart(), resident("Betreute", "Person"), new_home(stuttgart())).begins()
    citizen.goes_on(is_ready_to_send)
    citizen.adds(meldet_fuer_andere=True).goes_on(is_with_clerk)
    completes(citizen, {"vertretung_ist_nachgewiesen": True})
    assert is_registered(citizen)


def test_r7_somebody_under_sixteen_registers(node, new_home):
    born = (clock.today() - timedelta(days=365 * 15)).isoformat()
    citizen = Citizen(node, stuttgart(), resident("Junge", "Person", born=born), new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    answers = {"vertretung_ist_nachgewiesen": True, "wohnungsstatus_nach_pruefung": "alleinige"}
    completes(citizen, answers)
    assert is_registered(citizen)


def test_what_people_write_is_read_by_a_person(node, new_home):
    citizen = Citizen(node, stuttgart(), resident("Viel", "Erzählerin"), new_home(stuttgart())).begins()
    citizen.goes_on(is_ready_to_send)
    citizen.adds(besonderheiten="Ich ziehe erst halb um.").goes_on(is_with_clerk)
    completes(citizen, {"besonderheiten_sind_geklaert": True})
    assert is_registered(citizen)


def test_a_person_missing_from_the_form_is_added_by_a_clerk(node, new_home):
    citizen = Citizen(node, stuttgart(), resident("Nicht", "Allein"), new_home(stuttgart())).begins()
    citizen.goes_on(is_ready_to_send)
    citizen.adds(weitere_personen_ziehen_mit=True).goes_on(is_with_clerk)
    friend = person("Freundin", "Dazu") | {"rolle": "elternteil"}
    friend = {name: {"none": True} if value is None else value for name, value in friend.items()}
    completes(citizen, {"weitere_personen_sind_geklaert": True, "weitere_personen": [friend]})
    assert citizen.goes_on(is_over)["goals"] == {"anmeldung_ist_einzutragen": True}
    assert len(present(stuttgart(), "Freundin Dazu")) == 1
