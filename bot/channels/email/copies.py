"""Copies of one announcement, written fast: what they have in common is made once, byte for byte as for one alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email import quoprimime
from email.utils import format_datetime
from functools import lru_cache

from markupsafe import escape

from bot.channels.email import body
from bot.channels.email.body import Body
from bot.channels.email.compose import Author, Unsubscribe, address_to_leave, enclose, heading_of
from bot.channels.email.html_body import styled
from bot.channels.email.look import Look

_KEY = re.compile(r"[A-Za-z0-9_-]{16,50}")
_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._+-]*@[a-z0-9.-]+\.[a-z]{2,}")
_LONGEST = 70  # an address that stands on the line of its header's name
_LINE = 78

# Stand for what is each copy's own while the rest is made: no text of anybody's holds them.
_MARKS: Mapping[str, str] = {
    "to": "to-92c41f@mark.invalid",
    "plain": "PLAIN-92c41f8b",
    "html": "HTML-92c41f8b",
    "preview": "PREVIEW-92c41f8b",
    "content": "CONTENT-92c41f8b",
    "url": "https://mark.invalid/92c41f8b",
    "subject": "SUBJECT-92c41f8b",
}
_MARKED = re.compile(f"{_MARKS['preview']}|{_MARKS['url']}|{_MARKS['subject']}")
_PLAIN_SUBJECT = re.compile(r"[ -<>-~]{1,60}")
"""One that stands in its header as it is, on one line."""
_THEN = datetime(2001, 1, 1, tzinfo=UTC)


class Copies:
    """Writes for one author in one look. Pieces of texts, documents and headers are kept for as long as they are used.

    Nothing of one reader's can get into another's mail: what is kept is found by all that went into it.
    """

    def __init__(self, author: Author, look: Look, way_to_leave: Callable[[str], Unsubscribe]) -> None:
        """`way_to_leave` makes a reader's of the token in his link."""
        self._author = author
        self._look = look
        self._light = look.light
        self._way_to_leave = way_to_leave
        self._headers = lru_cache(maxsize=64)(self._made_headers)
        self._document = lru_cache(maxsize=64)(self._made_document)
        self._styled = lru_cache(maxsize=1_000)(self._made_styled)

    def write(
        self, to: str, subject: str, text: str, *, outbox_id: str, reply_key: str, token: str, now: datetime,
        language: str,
    ) -> bytes | None:  # fmt: skip
        """As `compose_announcement`; None where anything of it is out of the ordinary."""
        if not all(map(_KEY.fullmatch, (outbox_id, reply_key, token))) or now.utcoffset() is None:
            return None
        if not _ADDRESS.fullmatch(to) or len(to) > _LONGEST or any(mark in subject for mark in _MARKS.values()):
            return None
        url, subject = address_to_leave(self._way_to_leave(token)), heading_of(subject)
        values = {
            "to": to.encode(), "outbox_id": outbox_id.encode(),
            "reply_key": reply_key.encode(), "token": token.encode(), "date": format_datetime(now).encode(),
            "plain": self._plain(text, language, url), "html": self._html(subject, text, language, url),
            "subject": subject.encode(),
        }  # fmt: skip
        parts = self._headers(self._shared(subject), len(outbox_id), len(reply_key), len(token))
        return b"".join(part if isinstance(part, bytes) else values[part] for part in parts)

    @staticmethod
    def _shared(subject: str) -> str:
        """By what the parts around the subject are kept: a mark where they are the same for many subjects."""
        return _MARKS["subject"] if _PLAIN_SUBJECT.fullmatch(subject) else subject

    def _plain(self, text: str, language: str, url: str) -> bytes:
        pieces = body.plain_of(text)
        ending = body.ending_of(self._look, language, url)
        lines = [f"{piece}\n\n" for piece in pieces[:-1]] + [f"{piece}\n" for piece in pieces[-1:]]
        return b"".join([*map(_quoted, lines), _quoted(ending if not pieces else ending.removeprefix("\n"))])

    def _html(self, subject: str, text: str, language: str, url: str) -> bytes:
        preview = body.preview_of(body.plain_of(text))
        own = {"preview": preview, "url": url, "subject": subject}
        values = {_MARKS[name]: str(escape(value)) for name, value in own.items()}
        encoded: list[bytes] = []
        for part in self._document(self._shared(subject), language, bool(preview), bool(url)):
            if part == _MARKS["content"]:
                pieces = [self._styled(piece) for piece in body.html_of(text)]
                if not all(piece.endswith("\n") for piece in pieces):
                    pieces = ["".join(pieces) + "\n"]
                else:
                    pieces.append("\n")
                encoded += map(_quoted, pieces)
            else:
                encoded.append(_quoted(_MARKED.sub(lambda found: values[found[0]], part)))
        return b"".join(encoded)

    def _made_headers(
        self, subject: str, id_length: int, key_length: int, token_length: int
    ) -> tuple[bytes | str, ...]:
        """Bytes as they are, and the names of what comes between them."""
        marks = {
            "outbox_id": "7d" * 8 + "a" * (id_length - 16),
            "reply_key": "8e" * 8 + "b" * (key_length - 16),
            "token": "9f" * 8 + "c" * (token_length - 16),
            "date": format_datetime(_THEN),
        } | {name: _MARKS[name] for name in ("to", "plain", "html", "subject")}
        raw = enclose(
            Body(marks["plain"] + "\n", marks["html"]), marks["to"], subject, author=self._author,
            outbox_id=marks["outbox_id"], reply_key=marks["reply_key"],
            unsubscribe=self._way_to_leave(marks["token"]), now=_THEN, look=self._look,
        )  # fmt: skip
        for name in ("plain", "html"):
            marks[name] += "\r\n"
        names = {mark.encode(): name for name, mark in marks.items()}
        longest_first = sorted(names, key=len, reverse=True)
        found = re.split(b"(" + b"|".join(map(re.escape, longest_first)) + b")", raw)
        return tuple(names.get(part, part) for part in found)

    def _made_document(self, subject: str, language: str, has_preview: bool, has_url: bool) -> tuple[str, ...]:
        """Its lines in few pieces: those with a mark in them alone, and whatever stands between."""
        whole = body.around(
            _MARKS["content"], self._look, language, heading_of(subject),
            preview=_MARKS["preview"] if has_preview else "", leave_url=_MARKS["url"] if has_url else "",
        )  # fmt: skip
        pieces = [""]
        for line in f"{whole}\n".splitlines(keepends=True):
            if any(mark in line for mark in _MARKS.values()):
                alone = line.strip() == _MARKS["content"]
                pieces += [line.strip() if alone else line, ""]
            else:
                pieces[-1] += line
        return tuple(piece for piece in pieces if piece)

    def _made_styled(self, bare: str) -> str:
        return styled(bare, self._light)


@lru_cache(maxsize=2_000)
def _quoted(lines: str) -> bytes:
    """Whole lines as quoted-printable, as `email` writes them."""
    return quoprimime.body_encode(lines.encode().decode("latin-1"), _LINE).replace("\n", "\r\n").encode()
