"""Reaching the demonstration from a phone: the address of this machine on its network, and a code that opens it."""

from __future__ import annotations

import io
import socket
from ipaddress import IPv4Address, ip_address

import segno

ANYWHERE = "192.0.2.1"  # documentation only (RFC 5737): the system picks a way there, and nothing is sent


class NoNetwork(Exception):
    """This machine has no address that a phone could reach; name one with --address."""

    code = "no_network"


def own_address(given: str = "") -> str:
    """The IPv4 address of this machine by which others reach it; ``given`` is taken once it is one of ours.

    Raises ``NoNetwork``.
    """
    address = given or _towards_others()
    try:
        usable = isinstance(parsed := ip_address(address), IPv4Address) and not parsed.is_loopback
        with socket.socket() as probe:
            probe.bind((address, 0))
    except (OSError, ValueError):
        usable = False
    if not usable:
        raise NoNetwork(
            f"{address!r} is no address of this machine that a phone could reach; name its IPv4 address with --address"
            if address
            else "this machine is in no network; join one, or name its IPv4 address with --address"
        )
    return address


def code_of(address: str) -> str:
    """A QR code as text for a terminal."""
    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, compact=True, border=2)
    return drawn.getvalue()


def _towards_others() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect((ANYWHERE, 9))
        except OSError:
            return ""
        return str(way.getsockname()[0])
