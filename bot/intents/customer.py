"""When two names or domains mean the same customer; keys after the program's duplicate rules."""

from __future__ import annotations

import re
from functools import lru_cache

from publicsuffixlist import PublicSuffixList
from rapidfuzz import fuzz

from bot.vocabulary.company_names import name_key

_FREE_MAIL = (
    "gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es hotmail.com hotmail.de hotmail.fr "
    "hotmail.es hotmail.nl hotmail.co.uk live.com live.nl live.fr msn.com yahoo.com yahoo.de yahoo.fr yahoo.es "
    "yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de "
    "freenet.de arcor.de posteo.de mailbox.org proton.me protonmail.com pm.me tutanota.com orange.fr wanadoo.fr "
    "free.fr laposte.net sfr.fr telenet.be skynet.be proximus.be ziggo.nl kpnmail.nl planet.nl xs4all.nl "
    "telefonica.net terra.es bluewin.ch hispeed.ch mail.com zoho.com yandex.com fastmail.com"
)
FREE_MAIL = frozenset(_FREE_MAIL.split())
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
_ALIKE = 90  # of 100: one letter mistyped in a name of ten
_SUFFIXES = PublicSuffixList()


def web_domain(said: str) -> str:
    """`said` as a bare lower-case host name without www., or "" when it is none or belongs to a free-mail host."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", said.strip().lower())
    host = re.split(r"[/?#:\s]", host, maxsplit=1)[0].rpartition("@")[2].removeprefix("www.").rstrip(".")
    ascii_host = _ascii(host)
    if not _DOMAIN.match(ascii_host) or domain_key(ascii_host) in FREE_MAIL or ascii_host in FREE_MAIL:
        return ""
    return ascii_host


def domain_of_address(address: str, not_a_customer: tuple[str, ...]) -> str:
    """The company domain a contact's address tells, unless it is a free-mail host or one of `not_a_customer`."""
    domain = web_domain(address.rpartition("@")[2])
    return "" if domain_key(domain) in {domain_key(d) for d in not_a_customer} else domain


@lru_cache(4_096)  # a table of deals compares each of its rows with each deal that the partner has
def domain_key(domain: str) -> str:
    """The registrable domain ("acme.co.uk" of "shop.acme.co.uk"), or the domain itself when it has none."""
    return _SUFFIXES.privatesuffix(domain.lower().removeprefix("www.")) or domain.lower()


def same_customer(name: str, domain: str, other_name: str, other_domain: str) -> bool:
    """By domain where both have one, else by name; a name that is not said is nobody's."""
    if domain and other_domain:
        return domain_key(domain) == domain_key(other_domain)
    ours, theirs = name_key(name), name_key(other_name)
    return bool(ours and theirs) and (ours == theirs or fuzz.ratio(ours, theirs) >= _ALIKE)


def may_mean(said: str, name: str, domain: str) -> bool:
    """Whether someone who says `said` ("Acme", "acme.de", "Acme Logistic") may mean this customer."""
    if domain and web_domain(said) and domain_key(web_domain(said)) == domain_key(domain):
        return True
    wanted, known = name_key(said), name_key(name)
    if not wanted or not known:
        return False
    return set(wanted.split()) <= set(known.split()) or fuzz.ratio(wanted, known) >= _ALIKE


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""
