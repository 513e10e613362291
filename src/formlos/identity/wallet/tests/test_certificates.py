"""An issuer that signs with a certificate: trusted only if the chain leads to an anchor, whole and valid now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey

from formlos.identity.wallet.certificates import first_of, hosts_of, key_of_chain, self_made, x5c_of
from formlos.identity.wallet.refusals import MalformedAnswer, UntrustedIssuer

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
Signed = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(name: str, by: Signed | None = None, *, ca: bool = True, until: datetime = NOW + DAY) -> Signed:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, key = (by[0].subject, by[1]) if by else (subject, private)
    builder = x509.CertificateBuilder(issuer, subject, private.public_key(), 7, NOW - 9 * DAY, until)
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    return builder.sign(key, hashes.SHA256()), private


def pem(one: Signed) -> str:
    return one[0].public_bytes(serialization.Encoding.PEM).decode()


ROOT = certificate("Root")
BETWEEN = certificate("Between", ROOT)
LEAF = certificate("PID provider", BETWEEN, ca=False)


def found(*chain: Signed, anchor: Signed = ROOT) -> dict[str, str]:
    return key_of_chain(x5c_of("".join(map(pem, chain))), anchors=[pem(anchor)], now=NOW)


def test_a_chain_that_leads_to_an_anchor_gives_the_key_of_its_first_certificate() -> None:
    expected = ECKey.import_key(pem(LEAF)).as_dict(private=False)
    for chain in ((LEAF, BETWEEN), (LEAF, BETWEEN, ROOT)):
        assert {name: found(*chain)[name] for name in "xy"} == {name: expected[name] for name in "xy"}
    assert found(LEAF, anchor=LEAF)["x"] == expected["x"]


@pytest.mark.parametrize(
    "chain",
    [
        (LEAF,),
        (LEAF, ROOT),
        (BETWEEN, LEAF),
        (certificate("Stranger"),),
        (certificate("Root"),),
        (certificate("Below a leaf", LEAF), LEAF, BETWEEN),
        (certificate("Expired", BETWEEN, until=NOW - DAY), BETWEEN),
    ],
)
def test_a_chain_that_is_broken_expired_or_of_strangers_is_refused(chain: tuple[Signed, ...]) -> None:
    with pytest.raises(UntrustedIssuer):
        found(*chain)


def test_an_anchor_that_has_expired_is_none() -> None:
    old = certificate("Old", until=NOW - DAY)
    with pytest.raises(UntrustedIssuer):
        found(certificate("PID provider", old, ca=False), anchor=old)


@pytest.mark.parametrize("x5c", [None, [], ["x"], [7], ["AAAA"], [pem(LEAF)], x5c_of(pem(ROOT)) * 5])
def test_what_are_no_certificates_is_refused(x5c: object) -> None:
    with pytest.raises(MalformedAnswer):
        key_of_chain(x5c, anchors=[pem(ROOT)], now=NOW)


def test_a_node_makes_its_own_certificate_for_its_host() -> None:
    key = ECKey.generate_key("P-256")
    made = first_of(x5c_of(self_made("stadt.example", key, now=NOW)))
    assert hosts_of(made) == ["stadt.example"]
    assert hosts_of(LEAF[0]) == []
