"""What the pages say, as found in their sources, and what the catalogues of the languages lack of it.

python -m formlos.base.ui.tests.catalogues missing [LANGUAGE]    # lists what lacks, as entries to fill in
python -m formlos.base.ui.tests.catalogues compile               # makes the .mo of every .po (needs msgfmt)
"""

from __future__ import annotations

import ast
import fnmatch
import gettext
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from formlos.law.yamltext import read_mapping

PROJECT = Path(__file__).resolve().parents[5]
SOURCE = PROJECT / "src" / "formlos"
LOCALE = PROJECT / "locale"
ENGLISH = "en"
COURTESY = ("tr", "uk", "ar")
LANGUAGES = (ENGLISH, "de_Leicht", *COURTESY)

OTHER_PAGES = (
    "identity/templates/idp/*",
    "identity/demo_provider/*",
    "config/demo/provider.py",
    "registers/population/data/demo.yaml",
    "portals/wallet/*",
    "portals/clerk/*",
    "notices/verifying.py",
    "cases/wording.py",
    "*/citizen/law.html",
    "*/citizen/rule.html",
    "*/citizen/journal.html",
    "*/citizen/verify.html",
    "*/citizen/accessibility*.html",
    "*/citizen/privacy.html",
    "*/citizen/imprint.*",
    "*/citizen/stage.html",
    "portals/citizen/stage/*",
    "*/pages/stage.py",
    "*/citizen/let.html",
    "*/citizen/let_list.html",
    "*/citizen/lists.py",
    "*/pages/landlords.py",
    "*/citizen/statute.py",
    "*/citizen/rules.py",
    "*/pages/verify.py",
)
"""Sources of pages that are in German and English only (``settings.PAGES_IN_FEW_LANGUAGES``, staff, simulations)."""

CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
TAG = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(r"{%\s*blocktranslate\b[^%]*%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
PLURAL = re.compile(r"{%\s*plural\s*%}")
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")

Texts = dict[str, str]
"""German text -> its plural, or the empty text."""


def texts_of_templates() -> Iterator[tuple[str, str, str]]:
    """Source, text and plural."""
    for file in sorted(SOURCE.rglob("*.html")):
        content, name = file.read_text(), file.relative_to(SOURCE).as_posix()
        for double, single in TAG.findall(content):
            yield name, double or single, ""
        for block in BLOCK.findall(content):
            one, *many = (VARIABLE.sub(r"%(\1)s", part) for part in PLURAL.split(block))
            yield name, one, many[0] if many else ""


def texts_of_code() -> Iterator[tuple[str, str, str]]:
    for file in sorted(SOURCE.rglob("*.py")):
        if "tests" in file.parts or "gettext" not in (source := file.read_text()):
            continue
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLS:
                said = [text.value for text in call.args[:2] if isinstance(text, ast.Constant)]
                if said:
                    plural = said[1] if call.func.id == "ngettext" and len(said) > 1 else ""
                    yield file.relative_to(SOURCE).as_posix(), said[0], plural


def texts_of_stories() -> Iterator[tuple[str, str, str]]:
    """What is special about the invented people of the demonstration; templates translate it by variable."""
    name = "registers/population/data/demo.yaml"
    for street in read_mapping(SOURCE / name).values():
        for household in street["households"].values():
            yield name, household["story"], ""


def wanted(language: str) -> Texts:
    """All that pages in this language say."""
    found: Texts = {}
    for source, text, plural in (*texts_of_templates(), *texts_of_code(), *texts_of_stories()):
        if language == ENGLISH or not any(fnmatch.fnmatch(source, other) for other in OTHER_PAGES):
            found[text] = found.get(text, "") or plural
    return found


def catalogue(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def translations(language: str) -> dict[str, list[str]]:
    """German text -> its translation, or all its plural forms, from the compiled catalogue."""
    with catalogue(language).with_suffix(".mo").open("rb") as compiled:
        raw: Mapping[Any, str] = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    found: dict[str, list[str]] = {}
    for key, text in raw.items():
        found.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)
    return found


def missing(language: str) -> Texts:
    known = translations(language)
    return {text: plural for text, plural in wanted(language).items() if text not in known}


def unused(language: str) -> list[str]:
    """Entries of a catalogue that no source says any more."""
    return sorted(translations(language).keys() - wanted(ENGLISH).keys() - {""})


def missing_of_service(folder: Path, language: str) -> list[str]:
    """Places such as ``facts/einzugsdatum/question`` that people read in German but not in this language."""
    facts = read_mapping(folder / "facts.yaml")
    asking = {name for name, source in facts["sources"].items() if source["kind"] == "applicant"}
    to_clerks = {path for path, fact in facts["facts"].items() if not asking & set(fact["sources"])}
    german, said = (set(_places(read_mapping(folder / "texts" / f"{one}.yaml"))) for one in ("de", language))
    return sorted("/".join(place) for place in german - said if not _is_for_clerks(place, to_clerks))


def _is_for_clerks(place: tuple[str, ...], to_clerks: set[str]) -> bool:
    """Clerks answer in German, and only clerks read how the parameters of the law are called."""
    section, name, *part = place
    if section == "facts" and "/" in name and name not in to_clerks:
        return False
    return section == "params" or (section == "facts" and name in to_clerks and part != ["label"])


def _places(texts: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(texts, Mapping):
        yield at
        return
    for key, value in texts.items():
        yield from _places(value, (*at, str(key)))


def entries(texts: Texts) -> str:
    """Entries of a catalogue to fill in."""
    return "\n".join(
        f"msgid {_quoted(text)}\n"
        + (f'msgid_plural {_quoted(plural)}\nmsgstr[0] ""\nmsgstr[1] ""\n' if plural else 'msgstr ""\n')
        for text, plural in texts.items()
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compile_all() -> None:
    for language in LANGUAGES:
        source = catalogue(language)
        subprocess.run(["msgfmt", "--check", "-o", str(source.with_suffix(".mo")), str(source)], check=True)


def report(languages: Iterable[str]) -> Iterator[str]:
    """What lacks, as entries to fill in."""
    for language in languages:
        yield f"# {language}: {catalogue(language).relative_to(PROJECT)}\n{entries(missing(language))}\n"
        for folder in sorted(path.parent.parent for path in (PROJECT / "services").glob(f"*/texts/{language}.yaml")):
            if lacking := missing_of_service(folder, language):
                yield "\n".join((f"# {folder.name}/texts/{language}.yaml", *lacking, ""))


if __name__ == "__main__":
    if sys.argv[1:] == ["compile"]:
        compile_all()
    else:
        sys.stdout.writelines(report(sys.argv[2:] or LANGUAGES))
