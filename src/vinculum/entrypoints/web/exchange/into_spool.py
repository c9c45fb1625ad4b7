"""An upload on its way into the spool, block by block: it never lies in memory whole, nor twice on disk."""

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers

from vinculum.national.batch.reading import FileRefused
from vinculum.national.batch.spool import Arriving, Spool, Spooled

_BLOCK: Final = 256 * 1024


class IntoSpool(FileUploadHandler):
    """Takes the one file of a form. After the form was read, `spooled` is the file, or `refused` says why not."""

    chunk_size = _BLOCK

    def __init__(self, *, spool: Spool) -> None:
        super().__init__()
        self._spool = spool
        self._arriving: Arriving | None = None
        self.spooled: Spooled | None = None
        self.refused: FileRefused | None = None

    def new_file(self, *arguments: Any, **more: Any) -> None:
        """A file begins; a second one is not looked at."""
        super().new_file(*arguments, **more)
        if self._arriving is not None or self.spooled is not None or self.refused is not None:
            raise SkipFile
        self._arriving = self._spool.begin()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next bytes."""
        assert self._arriving is not None
        try:
            self._arriving.write(raw_data)
        except FileRefused as refused:
            self.refused = refused
            self._drop()
            # The rest is read and thrown away, so that the browser hears the answer.
            raise SkipFile from refused

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """The file is whole."""
        if self._arriving is None:
            return None
        self.spooled = self._arriving.finish()
        self._drop()
        return UploadedFile(name=self.file_name, content_type=self.content_type, size=file_size)

    def upload_interrupted(self) -> None:
        """The connection broke: nothing stays behind."""
        self._drop()

    def _drop(self) -> None:
        if self._arriving is not None:
            self._arriving.abandon()
            self._arriving = None
