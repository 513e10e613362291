"""Names of static files."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedOrPlain(CompressedManifestStaticFilesStorage):
    """Names that change with content once files are collected (``formlos init``); plain names before."""

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
