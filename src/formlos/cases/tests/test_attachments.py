"""Files are what they contain, whatever they are called; nobody uses another case's."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from formlos.base.models import Blob
from formlos.base.tenancy import acting_for, within
from formlos.cases import attachments, operations
from formlos.cases.answers import AnswersRefused
from formlos.cases.attachments import FileRefused, NoSuchFile, hand_in, recognised
from formlos.cases.tests.towns import ME, open_move, resident


def picture(*, kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "navy").save(drawn, kind, **more)
    return drawn.getvalue()


PDF = b"%PDF-1.4 %%EOF"


def test_a_picture_is_drawn_anew_without_what_hid_in_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Standort: zu Hause"
    secret = picture(exif=exif) + b"<script>alert(1)</script>"
    media_type, kept = recognised(secret)
    assert media_type == "image/jpeg"
    assert b"zu Hause" not in kept and b"script" not in kept
    assert recognised(picture(kind="PNG"))[0] == "image/jpeg"


def test_a_huge_picture_is_made_smaller() -> None:
    _, kept = recognised(picture(size=(6000, 3000)))
    assert Image.open(io.BytesIO(kept)).size == (3000, 1500)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"MZ\x90\x00 a program", "file_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_unknown"),
        (b"<html><body>%PDF-1.4 %%EOF", "file_unknown"),
        (picture()[:200], "file_unknown"),
        (b"%PDF-1.4" + b"0" * attachments.LARGEST, "file_too_large"),
    ],
    ids=["nothing", "program", "svg", "html", "half a picture", "too large"],
)
def test_what_is_no_picture_and_no_pdf_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        recognised(content)
    assert refused.value.code == code


def test_names_lose_paths_and_endings(here) -> None:
    with acting_for(here):
        case = open_move(here, resident(here, "kaethe"))
        names = ["../../etc/passwd", "C:\\Bilder\\Vertrag.exe", "", "a" * 300 + ".pdf", "<b>Foto</b>.pdf"]
        kept = [hand_in(case_id=case, name=name, content=PDF, actor=ME).partition("/")[2] for name in names]
    assert kept == ["passwd.pdf", "Vertrag.pdf", "Datei.pdf", "a" * 80 + ".pdf", "b.pdf"]


def test_a_case_takes_ten_files(here) -> None:
    with acting_for(here):
        case = open_move(here, resident(here, "kaethe"))
        for number in range(10):
            hand_in(case_id=case, name=f"{number}.pdf", content=PDF, actor=ME)
        with pytest.raises(FileRefused):
            hand_in(case_id=case, name="a.pdf", content=PDF, actor=ME)
        assert hand_in(case_id=case, name="9.pdf", content=PDF, actor=ME).endswith("/9.pdf")


def test_a_refused_file_leaves_nothing_even_where_the_refusal_is_caught(here) -> None:
    with acting_for(here):
        case = open_move(here, resident(here, "kaethe"))
        for number in range(10):
            hand_in(case_id=case, name="a.pdf", content=PDF.replace(b"1.4", b"1.4 %d" % number), actor=ME)
        with within(here):
            before = Blob.objects.count()
            with pytest.raises(FileRefused):
                hand_in(case_id=case, name="a.pdf", content=PDF.replace(b"1.4", b"1.4 one more"), actor=ME)
        with within(here):
            assert Blob.objects.count() == before


def test_a_case_is_handed_thirty_files_an_hour(here) -> None:
    with acting_for(here):
        case = open_move(here, resident(here, "kaethe"))
        for _ in range(30):
            hand_in(case_id=case, name="a.pdf", content=PDF, actor=ME)
        with pytest.raises(FileRefused) as refused:
            hand_in(case_id=case, name="a.pdf", content=PDF, actor=ME)
    assert refused.value.code == "file_too_often" and 0 < refused.value.retry_after <= 3600


def test_the_same_file_twice_is_kept_once(here) -> None:
    with acting_for(here):
        case = open_move(here, resident(here, "kaethe"))
        first, again = (hand_in(case_id=case, name="Foto.png", content=picture(kind="PNG"), actor=ME) for _ in "12")
        other = hand_in(case_id=case, name="Foto.png", content=picture(size=(9, 9)), actor=ME)
    assert first == again != other


def test_a_file_of_another_case_is_no_answer_and_cannot_be_read(here) -> None:
    with acting_for(here):
        mine, other = (open_move(here, resident(here, "kaethe"), subject=subject) for subject in ("me", "you"))
        answer = hand_in(case_id=other, name="a.pdf", content=PDF, actor=ME)
        assert attachments.belongs(case_id=other, answer=answer)
        assert not attachments.belongs(case_id=mine, answer=answer)
        assert not attachments.belongs(case_id=mine, answer="a.pdf")
        with pytest.raises(NoSuchFile):
            attachments.file_of(attachments.UUID(answer.partition("/")[0]), case_id=mine)
        with pytest.raises(AnswersRefused):
            operations.record_answers(case_id=mine, values={"wohnungsgeberbestaetigung": answer}, actor=ME)


def test_a_picture_of_more_than_twenty_megapixels_is_not_opened() -> None:
    with pytest.raises(FileRefused) as refused:
        recognised(picture(size=(5000, 4001)))
    assert refused.value.code == "file_too_large"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind_are_drawn(mode: str) -> None:
    drawn = io.BytesIO()
    Image.new(mode, (4000, 20)).save(drawn, "JPEG" if mode == "CMYK" else "PNG")
    assert Image.open(io.BytesIO(recognised(drawn.getvalue())[1])).size == (3000, 15)


def test_a_picture_is_upright_after_it_was_made_smaller() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    _, kept = recognised(picture(size=(4000, 2000), exif=exif))
    assert Image.open(io.BytesIO(kept)).size == (1500, 3000)
