import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pypdf
import pytest
from asn1crypto import pem, x509
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from formlos.notices.tests.examples import NOON, REGISTRATION, make_seal_key, page, sealed
from formlos.notices.verifying import MAX_SIZE, verify


def reason(pdf: bytes, key) -> str:
    verdict = verify(pdf, [key.certificate_pem])
    assert verdict.genuine == (verdict.reason == "genuine")
    return verdict.reason


def flipped(pdf: bytes, place: int, mask: int = 1) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ mask]) + pdf[place + 1 :]


def test_a_sealed_document_is_genuine_and_tells_signer_and_time(genuine, own_key):
    verdict = verify(genuine, [own_key.certificate_pem])
    assert verdict.genuine
    assert (verdict.signer, verdict.sealed_at) == ("Stadt Musterstadt", NOON)
    assert verdict.sentence == "Echt: Das Dokument trägt das Siegel von Stadt Musterstadt und ist seitdem unverändert."


def test_a_seal_made_in_another_time_zone_names_the_same_moment(own_key):
    at = NOON.astimezone(datetime.now().astimezone().tzinfo)
    assert verify(sealed(page(REGISTRATION), own_key, at=at), [own_key.certificate_pem]).sealed_at == NOON


def test_any_altered_byte_of_the_seal_itself_is_noticed(genuine, own_key):
    unsealed = len(page(REGISTRATION))
    assert all(reason(flipped(genuine, place), own_key) != "genuine" for place in range(unsealed - 8, len(genuine), 3))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_altered_byte_is_noticed(genuine, own_key, data):
    place = data.draw(st.integers(0, len(genuine) - 1))
    mask = data.draw(st.integers(1, 255))
    assert reason(flipped(genuine, place, mask), own_key) != "genuine"


@settings(max_examples=100, deadline=None)
@given(junk=st.binary(max_size=200), cut=st.integers(0, 50_000))
def test_no_file_makes_the_check_fail(genuine, own_key, junk, cut):
    for file in (junk, b"%PDF-1.7\n" + junk, genuine[:cut] + junk + genuine[cut + 40 :]):
        verify(file, [own_key.certificate_pem])


def test_a_changed_word_of_the_page_is_called_altered(genuine, own_key):
    assert reason(flipped(genuine, len(genuine) // 3), own_key) == "altered"


def test_something_appended_is_called_appended(genuine, own_key):
    writer = IncrementalPdfFileWriter(BytesIO(genuine))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    writer.write_in_place()
    assert reason(writer.prev.stream.getvalue(), own_key) == "appended"
    assert reason(genuine + b"\n", own_key) == "appended"


def test_a_strangers_seal_in_our_name_is_no_seal_of_ours(own_key):
    stranger = make_seal_key(holder="Stadt Musterstadt")
    assert reason(sealed(page(REGISTRATION), stranger), own_key) == "strange_seal"


def test_our_certificate_beside_a_strangers_signature_does_not_help(own_key):
    stranger = make_seal_key(holder="Stadt Musterstadt")
    forged = type(own_key)(stranger.private, own_key.certificate_pem)
    assert reason(sealed(page(REGISTRATION), forged), own_key) == "altered"


def test_a_seal_of_last_years_key_still_verifies(genuine, own_key):
    newer = make_seal_key(holder="Stadt Musterstadt")
    assert verify(genuine, [newer.certificate_pem, own_key.certificate_pem]).genuine


def test_a_seal_outside_the_validity_of_its_certificate_is_refused(own_key):
    late = sealed(page(REGISTRATION), own_key, at=NOON + timedelta(days=366))
    assert reason(late, own_key) == "outside_validity"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b"", "not_a_pdf"),
        (b"<html></html>", "not_a_pdf"),
        (b"%PDF-1.7\nhello", "broken"),
        (b"%PDF-1.7\n/ByteRange [0 5 9 99999] ", "broken"),
        (b"%PDF-1.7\n/ByteRange [0 9 15 1]<zz>", "broken"),
        (b"%PDF-1.7\n" + bytes(MAX_SIZE), "too_large"),
    ],
)
def test_what_is_no_sealed_document_is_told_apart(file, expected, own_key):
    assert reason(file, own_key) == expected


def test_an_unsealed_page_has_no_seal(own_key):
    assert reason(page(REGISTRATION), own_key) == "no_seal"


def test_a_file_cut_short_is_broken(genuine, own_key):
    assert reason(genuine[:-200], own_key) == "broken"


def test_the_seal_changes_neither_page_nor_metadata(genuine):
    before, after = pypdf.PdfReader(BytesIO(page(REGISTRATION))), pypdf.PdfReader(BytesIO(genuine))
    assert genuine.startswith(page(REGISTRATION))
    assert after.metadata == before.metadata
    assert after.trailer["/Root"]["/Metadata"].get_data() == before.trailer["/Root"]["/Metadata"].get_data()
    assert set(after.trailer["/Root"]) - set(before.trailer["/Root"]) == {"/AcroForm", "/Perms"}


def test_the_field_of_the_seal_keeps_to_the_archive_and_accessibility_norms(genuine):
    reader = pypdf.PdfReader(BytesIO(genuine))
    (field,) = reader.trailer["/Root"]["/AcroForm"]["/Fields"]
    assert field["/Rect"] == [0, 0, 0, 0]  # needs no appearance (ISO 19005-3, 6.3.3) and no tag (ISO 14289-1, 7.18)
    assert field["/F"] & 0b110111 == 0b000100  # printed, not hidden (ISO 19005-3, 6.3.2)
    assert field["/TU"] == "Elektronisches Siegel"
    assert "/NeedAppearances" not in reader.trailer["/Root"]["/AcroForm"]


def test_pyhanko_finds_a_certification_that_allows_no_change(genuine, own_key):
    certificate = x509.Certificate.load(pem.unarmor(own_key.certificate_pem.encode())[2])
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False, moment=NOON.astimezone(UTC))
    (signature,) = PdfFileReader(BytesIO(genuine)).embedded_signatures
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line and status.coverage.name == "ENTIRE_FILE"
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_pdfsig_agrees(genuine, tmp_path):
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig (poppler-utils) is not installed")

    def pdfsig(content: bytes) -> str:
        file = tmp_path / "notice.pdf"
        file.write_bytes(content)
        return subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout

    told = pdfsig(genuine)
    assert "Signature is Valid." in told and "Total document signed" in told
    assert "Signature is Valid." not in pdfsig(flipped(genuine, len(genuine) // 3))
    assert "Total document signed" not in pdfsig(genuine + b"% more\n")
