import os
import subprocess
import sys

PROGRAM = """
import logging
from formlos.config import logs
logs.configure(level="INFO", with_values={with_values})
import structlog
structlog.get_logger("cases").info("cases.decision.issued", case="0198")
try:
    raise ValueError("Erika Mustermann")
except ValueError:
    logging.getLogger("django.request").exception("failed at %s", "/umzug/")
"""


def logged(*, with_values: bool) -> str:
    program = PROGRAM.format(with_values=with_values)
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=True)
    return done.stderr


def test_an_event_is_one_line_of_keys_and_values():
    line = logged(with_values=False).splitlines()[0]
    assert "level=info logger=cases event=cases.decision.issued case=0198" in line


def test_an_error_is_logged_by_type_and_place_without_its_text():
    text = logged(with_values=False)
    assert "error=ValueError where=<string>:8" in text
    assert "Mustermann" not in text


def test_debugging_shows_the_text():
    assert "Erika Mustermann" in logged(with_values=True)
