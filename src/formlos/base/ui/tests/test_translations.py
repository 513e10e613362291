"""Every German text of the pages has one in each language they are in, and compiled catalogues are up to date."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from formlos.base.ui.tests import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
FORMS = {"en": 2, "de_Leicht": 2, "tr": 2, "uk": 3, "ar": 6}
MOVING = catalogues.PROJECT / "services" / "umzug"
HOW = "list: python -m formlos.base.ui.tests.catalogues missing; then fill in and: … compile"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_text_of_the_pages_is_translated(language: str) -> None:
    assert list(catalogues.missing(language)) == [], HOW


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_no_translation_is_kept_of_a_text_that_is_gone(language: str) -> None:
    assert catalogues.unused(language) == []


@pytest.mark.parametrize("language", catalogues.COURTESY)
def test_all_that_people_read_when_they_move_is_translated(language: str) -> None:
    assert catalogues.missing_of_service(MOVING, language) == [], HOW


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_keep_what_is_filled_in(language: str) -> None:
    """A singular may say one or two in words; all else names every value, and none names another."""
    known, wrong = catalogues.translations(language), []
    for german, plural in catalogues.wanted(language).items():
        expected = set(PLACEHOLDER.findall(german)) | set(PLACEHOLDER.findall(plural))
        for text in known.get(german, []):
            said = set(PLACEHOLDER.findall(text))
            if said - expected or (said != expected and not plural):
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_form_of_the_plural_is_there(language: str) -> None:
    known = catalogues.translations(language)
    counted = [german for german, plural in catalogues.wanted(language).items() if plural]
    assert {german: len(known[german]) for german in counted} == dict.fromkeys(counted, FORMS[language])


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")
@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_compiled_catalogue_is_up_to_date(language: str, tmp_path: Path) -> None:
    source, compiled = catalogues.catalogue(language), tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check", "-o", str(compiled), str(source)], check=True)
    assert compiled.read_bytes() == source.with_suffix(".mo").read_bytes()
