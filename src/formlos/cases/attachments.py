"""Files that people hand in: recognised by their content, never by what they call themselves.

Pictures are drawn anew, which leaves out where and with what they were taken and whatever else hid in them. PDF files
stay as they are; nobody here opens them but as a download. A file belongs to the case it was handed in to.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from formlos.base import blobs, clock
from formlos.base.limits import Limit, TooMany
from formlos.base.tenancy import within
from formlos.cases.models import Attachment
from formlos.cases.work import refuse_if_over, working_on
from formlos.law.canonical import digest as digest_of
from formlos.notices import queries as notices

LARGEST, MOST = 10 * 1024 * 1024, 10  # bytes of a file; files of a case
LONGEST_SIDE, LARGEST_PICTURE = 3000, 20_000_000  # pixels; the second guards against pictures that unfold
PDF, JPEG = "application/pdf", "image/jpeg"
ENDINGS = {PDF: ".pdf", JPEG: ".jpg"}
LONGEST_NAME = 80
TRIES = Limit("file of a case", most=30, within=timedelta(hours=1))


class FileRefused(ValueError):
    """The file is not taken; ``code`` says why: ``file_empty``, ``file_too_large``, ``file_unknown``, ``file_too_many``,
    ``file_too_often``, ``files_from_here``. ``retry_after``: seconds until one is taken again; 0 where waiting is no help.
    """

    def __init__(self, code: str, *, retry_after: int = 0) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class NoSuchFile(LookupError):
    """The case has no such file."""

    code = "no_such_file"


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    content: bytes


def hand_in(*, case_id: UUID, name: str, content: bytes, actor: str) -> str:
    """Keep a file with a case and return what the answer to a question for a file is: ``<id>/<name>``.

    The same file again, after a second click or from another tab, is the one that is there. Raises ``FileRefused``, ``NoSuchCase``, ``CaseIsOver``.
    """
    try:
        TRIES.count(str(case_id))
    except TooMany as error:
        raise FileRefused("file_too_often", retry_after=error.retry_after) from error
    media_type, tidy = recognised(content)
    with working_on(case_id) as work:
        refuse_if_over(work)
        told = {"name": _tidy_name(name, media_type), "media_type": media_type, "digest": digest_of(tidy)}
        kept = work.case.attachments.filter(**told).first()
        if kept is None and work.case.attachments.count() >= MOST:
            raise FileRefused("file_too_many")
        if kept is None:
            blobs.put(tidy)
            kept = Attachment.objects.create(
                case=work.case, **told, size=len(tidy), handed_in_at=clock.now(), handed_in_by=actor
            )
    return f"{kept.id}/{kept.name}"


def recognised(content: bytes) -> tuple[str, bytes]:
    """Media type and what is kept of a file. Raises ``FileRefused``."""
    if not content:
        raise FileRefused("file_empty")
    if len(content) > LARGEST:
        raise FileRefused("file_too_large")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return PDF, content
    return JPEG, _drawn_anew(content)


def _drawn_anew(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise FileRefused("file_too_large")
            upright = ImageOps.exif_transpose(_small(picture)).convert("RGB")
    except FileRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefused("file_unknown") from error
    drawn = io.BytesIO()
    upright.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()


def _small(picture: Image.Image) -> Image.Image:
    """Made smaller before anything else: every further step on a large picture costs its size in memory again."""
    small = picture.convert("RGB") if picture.mode in ("1", "P") else picture  # these have no shades to make smaller
    small.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return small


def _tidy_name(name: str, media_type: str) -> str:
    """What the person called it, without paths and signs that mean something elsewhere; the ending is ours."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = last.rpartition(".")[0] or last
    kept = "".join(sign for sign in plain if sign.isalnum() or sign in " -_")[:LONGEST_NAME].strip()
    return (kept or "Datei") + ENDINGS[media_type]


def belongs(*, case_id: UUID, answer: str) -> bool:
    """Whether an answer names a file of the case."""
    key, _, name = answer.partition("/")
    with within():
        return _is_uuid(key) and Attachment.objects.filter(case_id=case_id, id=key, name=name).exists()


def file_of(attachment: UUID, *, case_id: UUID) -> File:
    """Raises ``NoSuchFile``."""
    with within():
        found = Attachment.objects.filter(case_id=case_id, id=attachment).first()
        if found is None:
            raise NoSuchFile(str(attachment))
        return File(found.name, found.media_type, blobs.get(found.digest))


def erase(*, case_id: UUID) -> None:
    """Delete the files of a case for good; content that another case or a sealed document uses stays there."""
    with within():
        files = Attachment.objects.filter(case_id=case_id)
        digests = set(files.values_list("digest", flat=True))
        files.delete()
        for digest in sorted(digests):  # in one order, so that two who erase do not wait for each other
            blobs.forget(digest, unless=lambda digest=digest: _is_used(digest))  # type: ignore[misc]


def _is_used(digest: str) -> bool:
    return Attachment.objects.filter(digest=digest).exists() or notices.keeps(digest)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
