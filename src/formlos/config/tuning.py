"""The server settings of the embedded PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path

MIB = 1024 * 1024

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "jit": "off",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "5min",
    # Statements, parameters and the detail of an error may hold personal data: none of them is logged.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def configuration(socket: Path, *, fast: bool) -> str:
    """The text of a configuration file: durable, or ``fast`` for data that may be lost."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    shared = 128 if fast else max(128, min(1024, memory // 8))
    chosen = ALWAYS | (FAST if fast else DURABLE)
    chosen |= {
        "unix_socket_directories": str(socket),
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
    }
    return "".join(f"{name} = '{value}'\n" for name, value in chosen.items())
