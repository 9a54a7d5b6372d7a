"""E-mail and web addresses, and the customer's domain that follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention
from mail_ingest.address import is_shared_host

# "freemail.hu" and "webmail.co.za" are hosts of strangers, whoever runs them.
_SOUNDS_SHARED = re.compile(r"(?:free|web|hot|fast|home|my)-?mail\Z")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
EMAIL = re.compile(rf"(?<![\w.+-])[\w.+'-]{{1,64}}@(?P<host>(?:{_LABEL}\.)+[^\W\d_]{{2,24}})(?![\w-])")
WEB = re.compile(
    rf"(?<![@\w.-])(?:https?://)?(?P<host>(?:{_LABEL}\.)+(?:[^\W\d_]{{2,24}}))(?![\w@-])(?:/[^\s<>|,)]*)?", re.I
)
_ENDINGS = (
    "example test invalid com net org eu de at ch fr be nl es uk ie it lu li us ca au nz in io ai dev app co biz "
    "info pt pl cz dk se no fi hu ro hr si sk gr za ke ng gh ma tn sn ci mx ar cl pe ec uy br jp sg hk ae coop "
    "shop cloud tech online site swiss wien berlin brussels gent vlaanderen cat bzh paris london scot wales "
)
_KNOWN_ENDINGS = frozenset(_ENDINGS.split())


def is_shared(host: str) -> bool:
    """Whether strangers have addresses at the host, so that it tells no company."""
    return is_shared_host(host) or bool(_SOUNDS_SHARED.match(host.split(".", maxsplit=1)[0]))


def find_emails(text: str) -> Iterator[Mention]:
    """E-mail addresses, lower case."""
    for match in EMAIL.finditer(text):
        yield Mention(Kind.EMAIL, match.start(), match.end(), match.group().lower().strip("'"))


def find_domains(text: str) -> Iterator[Mention]:
    """Web addresses, reduced to the host without "www."."""
    for match in WEB.finditer(text):
        host = match["host"].lower().rstrip(".").removeprefix("www.")
        if "." not in host or host.rsplit(".", 1)[1] not in _KNOWN_ENDINGS or is_shared(host):
            continue
        if "://" in match.group() or not host.replace(".", "").isdigit():
            yield Mention(Kind.DOMAIN, match.start(), match.end(), host)


def domain_of(address: str) -> str:
    """The host of a mail address, or "" for a free-mail host."""
    host = address.rpartition("@")[2].lower().removeprefix("www.")
    return "" if is_shared(host) else host
