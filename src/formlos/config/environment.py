"""What an operator sets: ``FORMLOS_…`` variables and ``DATABASE_URL``, read once and checked at start.

The reference for operators is docs/settings.md; a test compares it with ``SETTINGS``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from formlos.base.hosts import is_loopback

PROJECT = Path(__file__).resolve().parents[3]


class SettingsRefused(Exception):
    """Settings that cannot work; the message lists every one with what to do about it."""

    code = "settings_refused"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("settings that cannot work:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Setting:
    """One variable. ``read`` turns its text into a value or raises ``ValueError`` saying what to write instead."""

    name: str
    default: str
    read: Callable[[str], Any]
    meaning: str
    secret: bool = False


def _text(value: str) -> str:
    return value


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _services(value: str) -> Path:
    return _folder(value) if value else PROJECT / "services"


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return read


def _switch(value: str) -> bool:
    return _one_of("0", "1")(value) == "1"


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        if not re.fullmatch(r"\d+(\.\d+)?", value) or not least <= float(value) <= most:
            raise ValueError(f"must be a number from {least:g} to {most:g}")
        return float(value)

    return read


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("must be an address such as https://stadt.example, without a path")
    return value.rstrip("/")


def _bind(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("must be HOST:PORT such as 127.0.0.1:8000")
    return value


def _database(value: str) -> str:
    if value and urlsplit(value).scheme not in ("postgresql", "postgres"):
        raise ValueError("must be an address such as postgresql://formlos_app:PASSWORD@HOST:5432/formlos")
    return value


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/")):
        raise ValueError("must be an address such as smtp://USER:PASSWORD@HOST:587")
    return value


SETTINGS = (
    Setting("FORMLOS_HOME", "var", _folder, "Folder of the embedded database, secrets and static files."),
    Setting("FORMLOS_SERVICES", "", _services, "Folder of the services. Empty: those of this version."),
    Setting(
        "FORMLOS_ROLE",
        "web",
        _one_of("web", "exchange", "worker", "idp", "wallet"),
        "Which process this is; commands set it.",
    ),
    Setting("FORMLOS_DEBUG", "0", _switch, "1 shows errors in full, personal data included; never in production."),
    Setting("FORMLOS_DEMO", "0", _switch, "1 lets invented people sign in by a simulated digital identity."),
    Setting("FORMLOS_LOG_LEVEL", "INFO", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "Least level that is logged."),
    Setting("FORMLOS_PUBLIC_URL", "http://localhost:8000", _web_address, "Address under which people reach the pages."),
    Setting(
        "FORMLOS_EXCHANGE_URL",
        "http://localhost:8001",
        _web_address,
        "Address under which other municipalities reach this node.",
    ),
    Setting(
        "FORMLOS_IDP_URL",
        "http://localhost:8002",
        _web_address,
        "Address of the simulated identity provider; demo nodes only.",
    ),
    Setting(
        "FORMLOS_WALLET_URL",
        "http://localhost:8003",
        _web_address,
        "Address under which people reach the simulated wallet; demo nodes only.",
    ),
    Setting("FORMLOS_WEB_BIND", "127.0.0.1:8000", _bind, "Where the web process listens."),
    Setting("FORMLOS_EXCHANGE_BIND", "127.0.0.1:8001", _bind, "Where the exchange process listens."),
    Setting("FORMLOS_IDP_BIND", "127.0.0.1:8002", _bind, "Where the simulated identity provider listens."),
    Setting("FORMLOS_WALLET_BIND", "127.0.0.1:8003", _bind, "Where the simulated wallet listens."),
    Setting("FORMLOS_WEB_WORKERS", "2", _number(1, 64), "Server processes for pages."),
    Setting("FORMLOS_EXCHANGE_WORKERS", "1", _number(1, 64), "Server processes for messages of other municipalities."),
    Setting("FORMLOS_WALLET_WORKERS", "2", _number(1, 64), "Server processes for the simulated wallet."),
    Setting("FORMLOS_JOB_CONCURRENCY", "2", _number(1, 64), "Jobs that a worker process runs at a time."),
    Setting("FORMLOS_JOB_POLL_SECONDS", "0.2", _number(0.05, 60), "How often an idle worker looks for jobs by itself."),
    Setting("FORMLOS_HEARTBEAT_SECONDS", "10", _number(0.1, 300), "How often a worker says that it lives."),
    Setting(
        "FORMLOS_STALLED_SECONDS",
        "30",
        _number(0.5, 3600),
        "Silence after which a worker counts as dead and its jobs are run again.",
    ),
    Setting(
        "FORMLOS_SWEEP_SECONDS",
        "15",
        _number(1, 30),
        "How often jobs of dead workers and cases left behind are looked for.",
    ),
    Setting(
        "FORMLOS_EXCHANGE_TIMEOUT_SECONDS",
        "10",
        _number(0.1, 120),
        "How long a delivery to another municipality waits for the answer.",
    ),
    Setting(
        "FORMLOS_EXCHANGE_RETRY_SECONDS",
        "2",
        _number(0.1, 3600),
        "Pause after a first failed delivery; each further one doubles it.",
    ),
    Setting(
        "FORMLOS_EXCHANGE_LONGEST_RETRY_SECONDS",
        "300",
        _number(0.1, 86400),
        "Longest pause between two tries of a delivery.",
    ),
    Setting(
        "FORMLOS_EXCHANGE_GIVE_UP_HOURS",
        "72",
        _number(0.001, 8760),
        "After this a letter counts as undeliverable and waits for a person.",
    ),
    Setting(
        "FORMLOS_SMTP_URL",
        "",
        _mail_server,
        "Mail server for hints without content: smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://… Empty: none are sent.",
        secret=True,
    ),
    Setting(
        "FORMLOS_MAIL_FROM",
        "formlos@localhost",
        _text,
        "Sender of these hints. Demo nodes put them into the folder mail of the home folder and send none.",
    ),
    Setting(
        "FORMLOS_DRAFT_DAYS",
        "30",
        _number(8, 3650),
        "Days of silence after which a case that was never sent is erased; its person is told seven days before.",
    ),
    Setting(
        "DATABASE_URL",
        "",
        _database,
        "Your own PostgreSQL, as the role of the platform (formlos_app). Empty: the embedded one.",
        secret=True,
    ),
    Setting(
        "FORMLOS_OWNER_DATABASE_URL",
        "",
        _database,
        "The same database as the role that owns the tables (formlos_owner); only init and migrate use it.",
        secret=True,
    ),
    Setting("FORMLOS_PG_BIN", "", _text, "Folder with pg_ctl and initdb of another PostgreSQL 18 to embed."),
    Setting(
        "FORMLOS_SECRET_KEY",
        "",
        _text,
        "Signs cookies; at least 40 characters. Empty: a file in the home folder.",
        secret=True,
    ),
    Setting(
        "FORMLOS_VERIFIER_CLIENT_ID",
        "x509_san_dns",
        _one_of("x509_san_dns", "x509_hash", "redirect_uri"),
        "How wallets know this node: by its certificate's name or digest, or (unsigned) by its address only.",
    ),
    Setting(
        "FORMLOS_VERIFIER_RESPONSE_MODE",
        "direct_post",
        _one_of("direct_post", "direct_post.jwt"),
        "Whether wallets answer in the open (within TLS) or encrypted as well.",
    ),
    Setting(
        "FORMLOS_VERIFIER_CERTIFICATE_FILE",
        "",
        _text,
        "Certificates (PEM) by which wallets know this node. Empty: one that only the simulated wallet accepts.",
    ),
    Setting("FORMLOS_VERIFIER_KEY_FILE", "", _text, "Private key (PEM, P-256) of that certificate."),
    Setting("FORMLOS_NODE_KEY_FILE", "", _text, "File of the key that seals all others. Empty: in the home folder."),
)


@dataclass(frozen=True)
class Environment:
    """The checked values; ``environment["FORMLOS_HOME"]`` and so on."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def home(self) -> Path:
        return Path(self["FORMLOS_HOME"])

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return not self["DATABASE_URL"]


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every setting; raises ``SettingsRefused`` with all problems at once."""
    values, problems = {}, []
    for setting in SETTINGS:
        given = variables.get(setting.name) or setting.default
        try:
            values[setting.name] = setting.read(given)
        except ValueError as refused:
            problems.append(f"{setting.name} {refused}" + ("" if setting.secret else f" (is {given!r})"))
    problems += _unknown(variables)
    if not problems:
        problems = _contradictions(values)
    if problems:
        raise SettingsRefused(problems)
    return Environment(values)


def _unknown(variables: Mapping[str, str]) -> list[str]:
    known = {setting.name for setting in SETTINGS}
    return [
        f"{name} is not a setting; see docs/settings.md for the names, or unset it"
        for name in sorted(variables)
        if name.startswith("FORMLOS_") and name not in known
    ]


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    problems = _home_problems(values["FORMLOS_HOME"])
    if values["FORMLOS_OWNER_DATABASE_URL"] and not values["DATABASE_URL"]:
        problems.append("FORMLOS_OWNER_DATABASE_URL is set without DATABASE_URL; set both or neither")
    if values["FORMLOS_SECRET_KEY"] and len(values["FORMLOS_SECRET_KEY"]) < 40:
        problems.append("FORMLOS_SECRET_KEY is shorter than 40 characters; unset it to have one made")
    if values["FORMLOS_STALLED_SECONDS"] < 2 * values["FORMLOS_HEARTBEAT_SECONDS"]:
        problems.append(
            "FORMLOS_STALLED_SECONDS must be at least twice FORMLOS_HEARTBEAT_SECONDS; "
            "otherwise living workers count as dead"
        )
    if not values["FORMLOS_SERVICES"].is_dir():
        problems.append(f"FORMLOS_SERVICES: there is no folder {values['FORMLOS_SERVICES']}; name the services folder")
    if bool(values["FORMLOS_VERIFIER_CERTIFICATE_FILE"]) != bool(values["FORMLOS_VERIFIER_KEY_FILE"]):
        problems.append("FORMLOS_VERIFIER_CERTIFICATE_FILE and FORMLOS_VERIFIER_KEY_FILE go together; set both or none")
    public = urlsplit(values["FORMLOS_PUBLIC_URL"])
    if values["FORMLOS_DEMO"] and public.scheme == "https" and not is_loopback(public.hostname):
        problems.append("FORMLOS_DEMO is 1 on a public https address, where anybody could sign in as anybody; unset it")
    if values["FORMLOS_DEBUG"] and values["FORMLOS_PUBLIC_URL"].startswith("https:"):
        problems.append("FORMLOS_DEBUG is 1 on a public https address; unset it")
    return problems


def _home_problems(home: Path) -> list[str]:
    if home.exists() and not home.is_dir():
        return [f"FORMLOS_HOME: {home} is a file; name a folder"]
    if not home.exists() and not os.access(_nearest(home), os.W_OK):
        return [f"FORMLOS_HOME: {home} cannot be made; name a folder that you may write"]
    return []


def _nearest(folder: Path) -> Path:
    """The nearest folder above that exists."""
    return next(parent for parent in folder.absolute().parents if parent.exists())
