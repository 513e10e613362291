"""Secrets kept as files in the home folder, readable by their owner only. Needs no Django."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def secret_folder(home: Path | str) -> Path:
    """The folder of the home's secrets, made on first use."""
    folder = Path(home) / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_once(path: Path, text: str) -> bool:
    """Write a file that is there in full or not at all; an existing one is kept. True if this call wrote it."""
    partial = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)  # refuses to replace, unlike rename
    except FileExistsError:
        return False
    finally:
        partial.unlink()
    return True


def random_text() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def read_or_create(path: Path, make: Callable[[], str] = random_text) -> str:
    """The secret in ``path``; a missing one is made, so that all processes agree on it."""
    if not path.exists():
        write_once(path, make())
    return path.read_text().strip()
