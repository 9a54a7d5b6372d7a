"""Web domains of companies: what was said as a bare host name, and the registrable domain that stands for a company."""

from __future__ import annotations

import re
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

_FREE_MAIL = (
    "gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es hotmail.com hotmail.de hotmail.fr "
    "hotmail.es hotmail.nl hotmail.co.uk live.com live.nl live.fr msn.com yahoo.com yahoo.de yahoo.fr yahoo.es "
    "yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de "
    "freenet.de arcor.de posteo.de mailbox.org proton.me protonmail.com pm.me tutanota.com orange.fr wanadoo.fr "
    "free.fr laposte.net sfr.fr telenet.be skynet.be proximus.be ziggo.nl kpnmail.nl planet.nl xs4all.nl "
    "telefonica.net terra.es bluewin.ch hispeed.ch mail.com zoho.com yandex.com fastmail.com live.co.uk live.be "
    "live.it live.ca live.de live.se live.dk aol.de aol.fr aol.co.uk mail.ru mail.de btinternet.com comcast.net "
    "sbcglobal.net bellsouth.net verizon.net earthlink.net bigpond.com libero.it virgilio.it tiscali.it alice.it "
    "tin.it qq.com 163.com 126.com rediffmail.com chello.at aon.at chello.nl home.nl hetnet.nl casema.nl "
    "numericable.fr bbox.fr neuf.fr tuta.com tuta.io hey.com"
)
FREE_MAIL = frozenset(_FREE_MAIL.split())
# They are there under the ending of every country.
_EVERYWHERE = "gmail googlemail outlook hotmail yahoo ymail rocketmail gmx protonmail yandex"
_FREE_EVERYWHERE = frozenset(_EVERYWHERE.split())
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
_SUFFIXES = PublicSuffixList()


def web_domain(said: str) -> str:
    """`said` as a bare lower-case host name without www., or "" when it is none, belongs to a free-mail host, or is one
    below which anybody may have a domain ("co.uk").
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", said.strip().lower())
    host = re.split(r"[/?#:\s]", host, maxsplit=1)[0].rpartition("@")[2]
    ascii_host = in_dns(host).rstrip(".").removeprefix("www.")
    own = registrable(ascii_host) if _DOMAIN.match(ascii_host) else ""
    return "" if not own or _is_free_mail(own) or ascii_host in FREE_MAIL else ascii_host


def _is_free_mail(domain: str) -> bool:
    return domain in FREE_MAIL or domain.partition(".")[0] in _FREE_EVERYWHERE


def is_host(said: str) -> bool:
    """Whether it ends as names on the internet do, so that it may be followed where it stands in a text."""
    return _known_suffixes().privatesuffix(in_dns(re.sub(r"[。．｡]", ".", said).lower())) is not None


@lru_cache(1)
def _known_suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def domain_key(domain: str) -> str:
    """The registrable domain ("acme.co.uk" of "shop.acme.co.uk"), or the domain itself when it has none."""
    return registrable(domain) or domain.lower()


@lru_cache(4_096)  # a table of deals compares each of its rows with each deal that the partner has
def registrable(domain: str) -> str:
    """The registrable domain by the Public Suffix List, "" where `domain` is nothing but a public suffix."""
    return _SUFFIXES.privatesuffix(domain.lower().removeprefix("www.")) or ""


def in_dns(host: str) -> str:
    """The host in the letters of DNS, where an international name is written with others; "" for what is none."""
    try:
        return host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError:
        return ""


def in_letters(host: str) -> str:
    """The host as its people write it ("müller.de"), where it is an international name; any other as it is."""
    try:
        said = host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
    return said if said.isprintable() and in_dns(said) == host else host
