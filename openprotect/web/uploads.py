"""No page takes a file: one that comes along anyway is refused before a byte of it is kept."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class NoUploads(MemoryFileUploadHandler):
    """A page that one day takes files sets its own in place of this."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        raise RequestDataTooBig("No page here takes files.")
