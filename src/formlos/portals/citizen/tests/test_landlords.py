"""Landlords with many flats, on pages and by API: from a file to codes, and every way a file can be wrong."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from formlos.base import clock
from formlos.base.limits import Limit
from formlos.base.tenancy import acting_for
from formlos.cases.tests.conftest import elsewhere, founded, here
from formlos.cases.tests.test_landlords import dwelling_of
from formlos.landlords import tasks
from formlos.portals.citizen import lists
from formlos.portals.citizen.tests.musterstadt import ADA, browser, issue_assertion
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving

__all__ = ["elsewhere", "founded", "here"]
FIRM = {
    "handelt_als": "beauftragt",
    "angegebener_wohnungsgeber": "Wohnbau Lerchenfeld eG",
    "sitz_des_wohnungsgebers": "Weg 2, 70173 Stuttgart",
}


@pytest.fixture
def token(here: Any) -> Any:
    dwelling_of(here, "Wohnbau Lerchenfeld eG")
    with override_settings(DEMO=True):
        yield issue_assertion(person=ADA, subject="card-1")


@pytest.fixture
def landlord(token: str) -> Client:
    client = browser()
    client.post("/anmelden/demo/", {"nachweis": token})
    return client


def home(here: Any) -> dict[str, Any]:
    return dwelling_of(here, "Wohnbau Lerchenfeld eG").anschrift


def csv_of(here: Any, *names: str, day: str = "") -> bytes:
    address = home(here)
    day = day or clock.today().strftime("%d.%m.%Y")
    place = [address[name] or "" for name in ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort")]
    lines = [";".join([*place, day, name]) for name in names]
    return "\n".join(["strasse;hausnummer;zusatz;postleitzahl;ort;einzugsdatum;personen", *lines]).encode()


def upload(client: Client, here: Any, content: bytes, **said: str) -> Any:
    file = SimpleUploadedFile("liste.csv", content, content_type="text/csv")
    return client.post(f"/{here.slug}/vermieten/", FIRM | said | {"liste": file})


def text(response: Any) -> str:
    return response.content.decode()


def work(here: Any, address: str) -> None:
    with acting_for(here):
        tasks.confirm_rows(batch_id=address.rstrip("/").rpartition("/")[2])


def test_the_page_asks_to_sign_in(here: Any) -> None:
    with override_settings(DEMO=True):
        assert browser().get(f"/{here.slug}/vermieten/").status_code == 302


def test_a_list_is_tried_out_confirmed_and_gives_codes(here: Any, landlord: Client) -> None:
    place = upload(landlord, here, csv_of(here, "Käthe Häberle", "Роман"))["Location"]
    page = text(landlord.get(place))
    assert "1 Einzug kann bestätigt werden." in page and "DIN 91379" in page and "50.000" in page
    assert landlord.post(place).status_code == 422
    assert landlord.post(place, {"versichert": "true"}).status_code == 302
    assert "0 von 1 Einzügen sind bearbeitet." in text(landlord.get(place))
    work(here, place)
    page = text(landlord.get(place))
    assert "1 Einzug ist bestätigt." in page
    (code,) = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    codes = landlord.get(f"{place}codes.csv")
    assert codes["Content-Type"].startswith("text/csv") and code in text(codes)
    case = re.search(r"/vorgang/[0-9a-f-]{36}/", page)
    assert case and code in text(landlord.get(f"/{here.slug}{case[0]}"))


def test_nobody_else_sees_a_list(here: Any, landlord: Client) -> None:
    place = upload(landlord, here, csv_of(here, "Käthe Häberle"))["Location"]
    stranger = browser()
    stranger.post("/anmelden/demo/", {"nachweis": issue_assertion(person=ADA, subject="card-2")})
    assert {stranger.get(one).status_code for one in (place, f"{place}codes.csv")} == {404}
    assert stranger.post(place, {"versichert": "true"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Die Liste ist leer."),
        (b"\x00\x01", "Das ist keine CSV-Datei."),
        (b"x" * (1024 * 1024 + 1), "größer als 1 Megabyte"),
        (b"a;b\n1;2\n", "In der ersten Zeile fehlt: strasse"),
        (b"strasse;hausnummer;einzugsdatum;personen\n" + b"a;1;1.1.2026;b\n" * 1001, "1001 Zeilen"),
    ],
)
def test_a_file_that_is_no_list_is_explained(here: Any, landlord: Client, content: bytes, said: str) -> None:
    page = upload(landlord, here, content)
    assert page.status_code == 422 and said in text(page)


def test_formulas_and_markup_in_cells_stay_text(here: Any, landlord: Client) -> None:
    content = csv_of(here, "Käthe Häberle", day='=HYPERLINK("http://x")') + b"\n<script>alert(1)</script>;1;;;;x;y"
    place = upload(landlord, here, content)["Location"]
    assert "<script>alert" not in text(landlord.get(place))
    assert "\"'=HYPERLINK" in text(landlord.get(f"{place}codes.csv"))


def test_acting_for_somebody_needs_to_say_for_whom(here: Any, landlord: Client) -> None:
    page = upload(landlord, here, csv_of(here, "Käthe Häberle"), angegebener_wohnungsgeber="")
    assert page.status_code == 422 and "in welcher Rolle und für wen" in text(page)


def test_programs_do_the_same_as_the_page(here: Any, token: str) -> None:
    client = browser()
    bearer = client.post("/api/v1/sessions", {"assertion": token}, content_type="application/json").json()["token"]
    options: dict[str, Any] = {"content_type": "application/json", "headers": {"Authorization": f"Bearer {bearer}"}}
    address = {name: value for name, value in home(here).items() if value and name != "ags"}
    day = (clock.today() + timedelta(days=3)).isoformat()
    rows = [
        address | {"einzugsdatum": day, "personen": ["Käthe Häberle"]},
        address | {"einzugsdatum": "x", "personen": []},
    ]
    place = f"/api/v1/{here.ags}/dwelling-confirmations"
    tried = client.post(place, FIRM | {"rows": rows}, **options)
    assert tried.status_code == 201
    assert [[p["code"] for p in row["problems"]] for row in tried.json()["rows"]] == [[], ["date", "missing"]]
    own = f"{place}/{tried.json()['id']}"
    assert client.post(f"{own}/confirmation", {"versichert": False}, **options).status_code == 409
    assert client.post(f"{own}/confirmation", {"versichert": True}, **options).status_code == 202
    work(here, own)
    done = client.get(own, **options).json()
    assert done["done"] and re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", done["rows"][0]["code"])
    assert client.post(place, FIRM | {"rows": rows * 501}, **options).status_code == 400
    assert client.post(place, FIRM | {"rows": []}, **options).json()["code"] == "list_refused"
    assert client.get(own).status_code == 401


def test_lists_from_one_address_are_counted_by_page_and_program_alike(
    here: Any, landlord: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "OF_AN_ADDRESS", Limit("few", most=1, within=timedelta(hours=1)))
    assert upload(landlord, here, b"").status_code == 422
    refused = upload(landlord, here, csv_of(here, "Käthe Häberle"))
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 3500
    assert "Von Ihrem Internetanschluss kommen gerade sehr viele Anfragen" in text(refused)
    client = browser()
    client.post("/anmelden/demo/", {"nachweis": issue_assertion(person=ADA, subject="card-2")})
    assert upload(client, here, csv_of(here, "Käthe Häberle")).status_code == 429, "whoever signs in there"
    fresh = {"assertion": issue_assertion(person=ADA, subject="card-3")}
    bearer = client.post("/api/v1/sessions", fresh, content_type="application/json")
    answer = client.post(
        f"/api/v1/{here.ags}/dwelling-confirmations",
        FIRM | {"rows": []},
        content_type="application/json",
        headers={"Authorization": f"Bearer {bearer.json()['token']}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many") and answer["Retry-After"]


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_the_pages_are_accessible_and_fit(here: Any, token: str, width: int, height: int) -> None:
    from tests.eyes import findings  # skips where axe is missing

    content = csv_of(here, "Käthe Häberle", "Роман")
    with serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site}/anmelden/demo/?nachweis={token}&weiter=/{here.slug}/vermieten/")
        page.get_by_role("button", name="Ausweisen").click()
        wrong = findings(page, complaints)
        page.get_by_label("Ich bin beauftragt").check()
        page.get_by_label("Für wen handeln Sie?").fill("Wohnbau Lerchenfeld eG")
        page.get_by_label("Dessen Anschrift").fill("Weg 2, 70173 Stuttgart")
        page.get_by_label("Liste als CSV-Datei").set_input_files(
            {"name": "liste.csv", "mimeType": "text/csv", "buffer": content}
        )
        page.get_by_role("button", name="Liste prüfen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "1 Einzug kann bestätigt werden."
        wrong += findings(page, complaints)
        page.get_by_label("Ich versichere").check()
        page.get_by_role("button", name="1 Einzug bestätigen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "0 von 1 Einzügen sind bearbeitet."
        wrong += findings(page, complaints)
    assert not wrong
