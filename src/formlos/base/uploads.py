"""Files on their way in: of one that is too large no more is kept than shows that it is."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

LARGEST_KEPT = 11 * 1024 * 1024
"""Bytes; more than any page takes, so that each can say in its own words that a file is too large."""


class CutOff(FileUploadHandler):
    """Lets the rest of a file pass by unkept: the browser may finish sending, and then reads an answer."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start < LARGEST_KEPT else None

    def file_complete(self, file_size: int) -> Any:
        return None
