"""Secrets as files: one wins, all agree, nobody reads half of one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from formlos.base.secret_files import read_or_create, secret_folder, write_once


def test_a_secret_is_for_its_owner_only_and_is_never_replaced(tmp_path: Path) -> None:
    folder = secret_folder(tmp_path)
    assert write_once(folder / "key", "first")
    assert not write_once(folder / "key", "second")
    assert (folder / "key").read_text() == "first"
    assert ((folder / "key").stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in folder.iterdir()] == ["key"]


def test_all_who_ask_at_once_get_the_same_whole_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: read_or_create(tmp_path / "key"), range(64)))
    assert len(found) == 1
    assert len(found.pop()) == 43
