"""Rules of the house that a linter cannot check. A boundary that no tool checks does not exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.models import ForeignKey, Model

from formlos.base.rows import tenant_models
from formlos.config import reference
from formlos.config.environment import PROJECT
from formlos.law import checks, load_service

SOURCE = PROJECT / "src" / "formlos"
SERVICES = sorted(path.parent for path in (PROJECT / "services").glob("*/service.yaml"))
MOST_LINES = 400
LONG_MODULES: dict[str, str] = {}  # path below src/formlos -> why it may be long
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "managers", "common", "misc", "service", "admin"}
LAYERS = (
    {"base", "procrastinate"},
    {"organisation"},
    {"registers", "exchange", "identity", "notices", "feedback", "appointments"},
    {"catalogue"},
    {"cases"},
    {"landlords"},
    {"citizen", "clerk"},
)


def modules() -> Iterator[Path]:
    return (path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)


def below_source(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_modules_are_short():
    lengths = {below_source(path): len(path.read_text().splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES and name not in LONG_MODULES} == {}


def test_an_exception_from_the_length_is_still_needed():
    lengths = {below_source(path): len(path.read_text().splitlines()) for path in modules()}
    assert [name for name in LONG_MODULES if lengths.get(name, 0) <= MOST_LINES] == []


def test_no_module_has_a_vague_name():
    assert [below_source(path) for path in modules() if path.stem in VAGUE_NAMES] == []


def test_every_room_says_what_it_is_for():
    rooms = [
        path for path in SOURCE.rglob("__init__.py") if not {"tests", "migrations", "templatetags"} & set(path.parts)
    ]
    assert [below_source(room) for room in rooms if not ast.get_docstring(ast.parse(room.read_text()))] == []


def test_every_module_says_what_it_is_for():
    exempt = ("apps.py", "urls.py", "__init__.py")
    silent = [
        below_source(path)
        for path in modules()
        if "tests" not in path.parts and path.name not in exempt and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_the_settings_reference_is_complete():
    assert reference.settings_table() in reference.SETTINGS_PAGE.read_text(), "run: make docs"


def test_the_commands_reference_is_complete():
    assert reference.commands_table() in reference.COMMANDS_PAGE.read_text(), "run: make docs"


def test_no_migration_is_missing(database):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_no_migration_is_unsquashed_before_the_first_release():
    folders = {path.parent for path in SOURCE.rglob("migrations/0*.py")}
    assert [below_source(folder) for folder in folders if len(list(folder.glob("0*.py"))) > 1] == []


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_every_tenant_table_is_walled_by_row_security(database, model: type[Model]):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, tableowner, (SELECT count(*) FROM pg_policies WHERE tablename = relname)"
            " FROM pg_class JOIN pg_tables ON tablename = relname WHERE relname = %s",
            [model._meta.db_table],
        )
        enabled, owner, policies = cursor.fetchone()
    assert enabled
    assert owner != connections["default"].settings_dict["USER"]
    assert policies >= 1


@pytest.mark.parametrize("model", [each for each in tenant_models() if each.append_only], ids=lambda m: m._meta.label)
def test_the_platform_cannot_change_what_is_append_only(database, model: type[Model]):
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')"
            " OR has_table_privilege(%s, 'TRUNCATE') OR has_any_column_privilege(%s, 'UPDATE')",
            [model._meta.db_table] * 4,
        )
        assert cursor.fetchone() == (False,)


def test_foreign_keys_point_down_only():
    level = {label: height for height, labels in enumerate(LAYERS) for label in labels}
    upwards = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model._meta.app_label != model._meta.app_label
        and level[field.related_model._meta.app_label] >= level[model._meta.app_label]
    ]
    assert upwards == []


@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_every_service_is_cited_worded_and_sound(folder: Path):
    assert [f"{finding.place}: {finding.message}" for finding in checks.check(load_service(folder))] == []


def test_links_between_documents_lead_somewhere():
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    missing = [
        f"{page.relative_to(PROJECT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert missing == []
