"""Secrets kept as files in the home folder, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def secret_folder(home: Path) -> Path:
    """The folder of the home's secrets, made on first use."""
    folder = home / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def read_or_create(path: Path) -> str:
    """The secret in ``path``; a missing one is made (256 random bits, URL-safe) so that two processes agree on it."""
    if not path.exists():
        partial = path.with_name(f".{path.name}-{os.getpid()}")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
            os.link(partial, path)
        partial.unlink()
    return path.read_text().strip()
