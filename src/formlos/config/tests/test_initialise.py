import os
import subprocess
import sys

import pytest
from django.db import connections

from formlos.config import initialise, launcher


@pytest.fixture
def home(tmp_path):
    yield tmp_path / "home"
    launcher.remove(tmp_path / "home")


def formlos(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORMLOS_")} | settings
    command = [sys.executable, "-c", "from formlos.config.cli import app; app(prog_name='formlos')", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_node_is_made_once_and_repaired_after(home):
    first = formlos("init", FORMLOS_HOME=str(home))
    assert first.returncode == 0, first.stderr
    key = (home / "secrets" / "node.key").read_text()
    assert (home / "secrets" / "node.key").stat().st_mode & 0o077 == 0
    (home / "secrets" / "postgres-formlos_app").unlink()
    again = formlos("init", FORMLOS_HOME=str(home))
    assert again.returncode == 0, again.stderr
    assert (home / "secrets" / "node.key").read_text() == key
    listed = formlos("municipality", "list", FORMLOS_HOME=str(home))
    assert (listed.returncode, listed.stdout) == (0, "")


def test_a_command_before_init_says_what_to_do(home):
    refused = formlos("municipality", "list", FORMLOS_HOME=str(home))
    assert refused.returncode == 1
    assert "run: formlos init" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_wrong_settings_end_a_command_with_one_message(home):
    refused = formlos("init", FORMLOS_HOME=str(home), FORMLOS_JOB_CONCURRENCY="many")
    assert refused.returncode == 1
    assert "FORMLOS_JOB_CONCURRENCY must be a number from 1 to 64" in refused.stderr


def test_a_role_that_owns_the_tables_is_refused_as_role_of_the_platform(database):
    settings = connections["default"].settings_dict
    app = settings["USER"], settings["PASSWORD"]
    owner = connections["owner"].settings_dict
    connections["default"].close()
    try:
        settings["USER"], settings["PASSWORD"] = owner["USER"], owner["PASSWORD"]
        with pytest.raises(initialise.InitialisationFailed, match="must not own the tables"):
            initialise.check_roles()
    finally:
        connections["default"].close()
        settings["USER"], settings["PASSWORD"] = app


def test_the_role_of_the_platform_cannot_change_the_schema(database):
    with connections["default"].cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("CREATE TABLE own (id int)")
