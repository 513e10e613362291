"""What a service says of itself, in the language of whoever reads it."""

from __future__ import annotations

from pathlib import Path

from formlos.base.ui.languages import German
from formlos.cases.wording import service_in, title_in
from formlos.law import load_service

SERVICES = Path(__file__).parents[4] / "services"


def test_a_service_says_in_english_what_it_is_for_whom_it_is_and_what_it_costs():
    document = load_service(SERVICES / "umzug", calendars=SERVICES / "calendars")
    said = service_in(document, "en")
    assert title_in(document, "en") == said["title"] == "Moving house – registering a home"
    assert said["applicants"].startswith("Anyone who moves")
    assert "landlord" in said["needs"] and said["fee"].startswith("None")
    assert said["trust_level"] == "high"


def test_what_a_service_lacks_in_a_language_is_marked_german():
    document = load_service(SERVICES / "widerspruch", calendars=SERVICES / "calendars")
    german = service_in(document, "de")
    said = service_in(document, "tr")
    assert said["title"] == german["title"] and isinstance(said["title"], German)
    assert "needs" not in said


def test_every_service_that_people_use_tells_all_of_this_in_english():
    for folder in sorted(path.parent for path in SERVICES.glob("*/service.yaml")):
        document = load_service(folder, calendars=SERVICES / "calendars")
        said = service_in(document, "en")
        assert [name for name in ("title", "applicants", "fee", "needs") if isinstance(said.get(name), German)] == []
