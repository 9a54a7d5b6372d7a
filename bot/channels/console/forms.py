"""What people type into the console's forms, cleaned before anybody acts on it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

LONGEST_SUBJECT = 200
LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Fields:
    """A sent form; what is missing reads as empty, a file sent in place of a text too."""

    form: FormData

    @classmethod
    def empty(cls) -> Fields:
        return cls(FormData())

    def line(self, name: str, longest: int = LONGEST_SUBJECT) -> str:
        """One line: line ends would start a header of their own in a mail."""
        return " ".join(self._text(name).split())[:longest]

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """Several lines with plain line ends. Databases hold no NUL, and nobody types one."""
        return self._text(name).replace("\r\n", "\n").replace("\r", "\n").strip()[:longest]

    def raw(self, name: str) -> str:
        """A reference exactly as a page wrote it."""
        return self._text(name)

    def many(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self.form.getlist(name) if isinstance(value, str))

    def files(self, name: str) -> tuple[UploadFile, ...]:
        """Those that were chosen; browsers send an empty one where nobody chose any."""
        sent = (value for value in self.form.getlist(name) if isinstance(value, UploadFile))
        return tuple(file for file in sent if file.filename)

    def _text(self, name: str) -> str:
        value = self.form.get(name)
        return value.replace("\x00", "") if isinstance(value, str) else ""


async def fields_of(request: Request, max_files: int = 0, max_fields: int = 200) -> Fields:
    return Fields(await request.form(max_files=max_files, max_fields=max_fields))
