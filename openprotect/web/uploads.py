"""No page takes a file but those that say so; anywhere else it is refused before a byte is kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler

from openprotect.web.access import TAKES_A_FILE


class NoUploads(MemoryFileUploadHandler):
    """Refuses every file, but on a page that takes one: there it is kept in memory, on no disk."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        found = self.request.resolver_match if self.request else None
        if not (found and hasattr(found.func, TAKES_A_FILE) and self.activated):
            raise RequestDataTooBig("No file of this size, or none at all, is taken here.")
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]


def content_of(file: UploadedFile[Any] | None, *, most: int) -> bytes:
    """What a file holds; one byte over the most at most, so that its reader can refuse it."""
    return bytes(file.read(most + 1)) if file else b""
