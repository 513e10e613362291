"""What people mistype is answered with a sentence that says what to do, never with a traceback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from formlos.config.demo.node import MARK, DemoRunning, NotADemo, _clear
from formlos.config.demo.told import Confirmation, Told
from formlos.notices.tests.examples import REGISTRATION, make_seal_key, page, sealed


def formlos(*words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as people run it."""
    command = [sys.executable, "-m", "formlos", *map(str, words)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("FORMLOS_", "DATABASE_"))}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=clean | settings, timeout=60)


def test_a_document_is_verified_without_a_node(tmp_path: Path) -> None:
    key = make_seal_key(holder="Stadt Musterstadt")
    (tmp_path / "seal.pem").write_text(key.certificate_pem)
    (tmp_path / "notice.pdf").write_bytes(sealed(page(REGISTRATION), key))
    (tmp_path / "no.pdf").write_text("kein PDF")
    told = [
        formlos("verify", tmp_path / name, "--certificate", tmp_path / "seal.pem") for name in ("notice.pdf", "no.pdf")
    ]
    assert [one.returncode for one in told] == [0, 1]
    assert told[0].stdout.startswith("Echt: ")
    assert "Nicht geprüft: Die Datei ist kein PDF-Dokument." in told[1].stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("graph", "umzug", "--out", "/nowhere/at/all/g.html"), "there is no folder /nowhere/at/all"),
        (("move", "--from", "a", "--to", "b", "--person", "c", "--proof", "zuruf"), "'zuruf' is not one of"),
        (("answer", "UMZ-2026-AAAAAAAA", "treffer", "ja", "--reason", " "), "say why"),
        (("questions",), "is not initialised; run: formlos init"),
    ],
)
def test_a_mistyped_command_says_what_to_do(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    answer = formlos(*words, FORMLOS_HOME=str(tmp_path))
    assert answer.returncode != 0
    assert said in " ".join(answer.stderr.replace("│", " ").split())
    assert "Traceback" not in answer.stderr


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    answer = formlos("init", FORMLOS_HOME=str(tmp_path / "home"))
    assert answer.returncode == 1 and "is a file; name a folder" in answer.stderr


def test_a_taken_port_names_the_setting_to_change(tmp_path: Path) -> None:
    from formlos.config.server import PortTaken, _require_free

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match="set FORMLOS_WEB_BIND"):
            _require_free(f"127.0.0.1:{taken.getsockname()[1]}", "FORMLOS_WEB_BIND")


def test_a_running_demo_is_not_taken_away(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text(json.dumps({"web": "http://127.0.0.1:8000", "pid": os.getpid()}))
    with pytest.raises(DemoRunning, match="already runs at http://127.0.0.1:8000"):
        _clear(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADemo):
        _clear(tmp_path / "file")


WEG = {"strasse": "Weg", "hausnummer": "1", "postleitzahl": "70173", "ort": "Stuttgart"}
DWELLING = {"anschrift": WEG, "auszugsdatum": None}
REGISTER = {"r1": {"vornamen": "Jo", "familienname": "Beispiel", "wohnungen": [DWELLING]}}


def test_a_move_within_a_town_is_complete_though_nobody_is_gone() -> None:
    told = Told(
        case={"state": "closed", "known": []},
        seconds=1,
        facts_asked=1,
        here="Stuttgart",
        there="Stuttgart",
        registers={"Stuttgart": REGISTER},
        messages=[],
        journals=[],
        confirmations=[Confirmation("a.pdf", True, "Echt")],
        page="/",
    )
    assert told.status == "completed"
