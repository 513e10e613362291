"""Every German text of the pages has an English one, and the compiled catalogue is that of its source."""

from __future__ import annotations

import ast
import gettext
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[5]
ENGLISH = PROJECT / "locale" / "en" / "LC_MESSAGES"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
TAG = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")


def texts_of_templates() -> Iterator[str]:
    for file in (PROJECT / "src").rglob("*.html"):
        for double, single in TAG.findall(file.read_text()):
            yield double or single


def texts_of_code() -> Iterator[str]:
    for file in (PROJECT / "src").rglob("*.py"):
        if "tests" in file.parts or "gettext" not in (source := file.read_text()):
            continue
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLS:
                yield from (text.value for text in call.args[:1] if isinstance(text, ast.Constant))


@pytest.fixture(scope="module")
def english() -> gettext.GNUTranslations:
    with (ENGLISH / "django.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


@pytest.mark.parametrize("texts", [texts_of_templates, texts_of_code])
def test_every_text_has_an_english_one(english: gettext.GNUTranslations, texts: object) -> None:
    known = {key[0] if isinstance(key, tuple) else key for key in english._catalog}
    assert sorted(set(texts()) - known) == []


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")
def test_the_compiled_catalogue_is_up_to_date(tmp_path: Path) -> None:
    compiled = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check", "-o", str(compiled), str(ENGLISH / "django.po")], check=True)
    assert compiled.read_bytes() == (ENGLISH / "django.mo").read_bytes()
