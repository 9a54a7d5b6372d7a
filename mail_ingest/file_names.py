"""The name of a file as a stranger chose it: what it claims to be, whether it hides something, and a name to show."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_DISGUISE = re.compile(
    # What turns the direction of writing, and what takes no room: neither stands in an honest name. Joiners, which
    # some scripts and emoji need, and marks of direction at the edges of a copied name are not among them.
    "[\x00-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_INVISIBLE = re.compile("[\u200c-\u200f\ufe0f]")
_PATH = re.compile(r"[/\\]")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u2028-\u202e\u2060-\u206f\ud800-\udfff]+")
_BLANKS = re.compile(r"\s+")


def is_disguised(name: str) -> bool:
    """Whether the name shows something else than it says."""
    return bool(_DISGUISE.search(name)) or "\ufffd" in name[-8:]


def extensions(name: str) -> tuple[str, ...]:
    """The endings of a name in lower case without their dots, the last one first; blanks and dots behind it are
    passed over, as Windows does, and so is what follows a colon there.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _DISGUISE.sub("", name))).casefold()
    last = _PATH.split(plain)[-1].split(":")[0].rstrip(" .\u00a0")
    parts = [part.strip() for part in last.split(".")]
    return tuple(reversed(parts[1:]))


def clean_name(name: str, otherwise: str = "file") -> str:
    """A name to show and to store under: one line, no path, nothing invisible, cut in the middle where it is long."""
    shown = _PATH.split(unicodedata.normalize("NFC", name))[-1] or name
    shown = _UNSAFE.sub("_", _INVISIBLE.sub("", _DISGUISE.sub("_", shown)))
    shown = "".join(c if c.isprintable() else "_" for c in _BLANKS.sub(" ", shown)).strip(" .")
    if len(shown) > LONGEST:
        stem, dot, ending = shown.rpartition(".")
        ending = f"…{dot}{ending}" if dot and len(ending) <= 10 else "…"
        shown = (stem if dot else shown)[: LONGEST - len(ending)].rstrip() + ending
    return shown or otherwise
