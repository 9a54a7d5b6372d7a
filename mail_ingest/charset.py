"""From bytes of any or no declared character set to text, without ever failing."""

from __future__ import annotations

import re
from codecs import lookup

from charset_normalizer import from_bytes

_SAMPLE = 8_192
_GUESSABLE = 24
_SAME_AS = {
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "",
    "unknown-8bit": "",
    "default": "",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "x-sjis": "shift_jis",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "windows-1252",
}
# Python's codecs that are no charsets, whatever they are called by: their own names count.
_NOT_CHARSETS = """
base64 hex rot13 quopri uu bz2 zip zlib idna punycode undefined unicode_escape raw_unicode_escape mbcs oem
"""
_NOT_TEXT = frozenset(_NOT_CHARSETS.split())
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,60}")
_UTF8_LETTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


def decode(data: bytes, declared: str = "") -> str:
    """Declared charset, then UTF-8, then (undeclared only) detection, then windows-1252, then ISO-8859-1.

    A single-byte label on bytes that are valid UTF-8 with non-ASCII letters is taken for a wrong label. NUL is removed.
    """
    label = _SAME_AS.get(declared.strip().lower(), declared.strip().lower())
    if _mislabelled_utf8(data, label):
        label = "utf-8"
    for name in (label, "utf-8"):
        text = _try(data, name)
        if text is not None:
            return text.replace("\0", "")
    guessed = _detected(data) if not label and _is_foreign(data) else None
    text = guessed or _try(data, "windows-1252") or data.decode("iso-8859-1")
    return text.replace("\0", "")


def _try(data: bytes, name: str) -> str | None:
    if not _LABEL.fullmatch(name):
        return None
    try:
        if lookup(name).name.replace("-", "_") in _NOT_TEXT:
            return None
        text = data.decode(name)
        text.encode("utf-8")
    except (LookupError, UnicodeError, ValueError, AttributeError, TypeError):
        # Labels can name codecs that are no character sets; those fail in ways of their own.
        return None
    return text


def _mislabelled_utf8(data: bytes, label: str) -> bool:
    if label in ("", "utf-8", "utf8", "utf-7") or label.startswith(("utf-16", "utf-32", "iso-2022")):
        return False
    if not _UTF8_LETTER.search(data):
        return False
    return _try(data, "utf-8") is not None


def _is_foreign(data: bytes) -> bool:
    """Whether a third of the bytes of a text of some length are no ASCII; fewer are accents, and guessing misleads."""
    sample = data[:_SAMPLE]
    return len(sample) >= _GUESSABLE and sum(byte > 127 for byte in sample) * 3 > len(sample)


def _detected(data: bytes) -> str | None:
    best = from_bytes(data[:_SAMPLE]).best()
    return _try(data, best.encoding) if best else None
