"""Mail addresses: normal form, organisational domain, reply keys, and address lists of headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice

from mailparser.exceptions import MailParserError
from mailparser.utils import get_addresses
from publicsuffixlist import PublicSuffixList

from mail_ingest.headers import Headers, decoded, every

_PLAIN = re.compile(r"[^\s<>()\[\],;:\\\"@]{1,64}@[^\s<>()\[\],;:\\\"@]{1,253}")
_GROUP = re.compile(r"^[^\"<>@,]*:[^;]*;")
_REPLY_KEY = re.compile(r"^reply\+([0-9a-f]{32})@", re.IGNORECASE)
_RECIPIENT_HEADERS = (
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "X-Forwarded-To",
    "Envelope-To",
    "X-Gm-Original-To",
    "Resent-To",
)
_LIST_READ = 65_536
_KEYS = 20  # of our own that one mail is looked up by
# Hosts and providers at which strangers have addresses: one domain there is no organisation.
_SHARED_HOST_NAMES = """
gmail googlemail outlook hotmail live msn yahoo ymail rocketmail icloud me mac aol gmx web t-online freenet arcor mail
proton protonmail pm tutanota tuta mailbox posteo zoho yandex fastmail hey orange wanadoo free sfr laposte bbox neuf
ziggo kpnmail planet xs4all hetnet home telenet skynet proximus scarlet bluewin hispeed sunrise a1 chello aon
telefonica movistar terra ono btinternet btopenworld sky virginmedia talktalk ntlworld comcast verizon att
sbcglobal bellsouth cox charter earthlink shaw rogers sympatico bigpond optusnet libero virgilio tiscali qq
163 126 naver rediffmail
"""
_SHARED_HOSTS = frozenset(_SHARED_HOST_NAMES.split())

# Hosts that give each customer a domain below theirs, sign mail for it, and that the Public Suffix List does not know:
# without them, any customer's signature would be that of all the others.
_TENANT_HOST_NAMES = """
onmicrosoft.com mail.onmicrosoft.com onmicrosoft.de onmicrosoft.us partner.onmschina.cn zendesk.com freshdesk.com
freshservice.com helpscoutapp.com intercom-mail.com atlassian.net salesforce.com service-now.com hubspotemail.net
amazonses.com sendgrid.net mailgun.org mandrillapp.com gappssmtp.com 20150623.gappssmtp.com 20210112.gappssmtp.com
20221208.gappssmtp.com 20230601.gappssmtp.com
"""
_TENANT_HOSTS = frozenset(_TENANT_HOST_NAMES.split())


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of a header: the decoded display name ("" for none) and the address in normal form."""

    name: str
    address: str


def normalised(address: str) -> str:
    """Lower case, without brackets and white space, the domain in ASCII; "" for what is no plain address."""
    plain = address.strip().strip("<>").strip().lower()
    if not _PLAIN.fullmatch(plain):
        return ""
    local, domain = plain.rsplit("@", 1)
    try:
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        # Labels too long or empty: no such domain can exist.
        return ""
    return f"{local}@{domain}" if domain else ""


def domain_of(address: str) -> str:
    return address.rsplit("@", 1)[1] if "@" in address else ""


def organisational_domain(domain: str) -> str:
    """The registrable domain by the Public Suffix List ("mail.acme.co.uk": "acme.co.uk"); a bare suffix is itself.

    At a host that gives its customers domains it is the customer's: "acme.onmicrosoft.com".
    """
    name = domain.strip().strip(".").lower()
    if not name:
        return ""
    return _tenant(name) or _suffixes().privatesuffix(name) or name


def _tenant(name: str) -> str:
    """The customer's domain at a host of such, "" elsewhere; of several hosts it stands under, at the nearest."""
    labels = name.split(".")
    for at in range(1, len(labels) - 1):
        if ".".join(labels[at:]) in _TENANT_HOSTS:
            return "" if name in _TENANT_HOSTS else ".".join(labels[at - 1 :])
    return ""


def same_organisation(one: str, other: str) -> bool:
    """Whether two domains belong to one organisation; empty ones never do."""
    return bool(one and other) and organisational_domain(one) == organisational_domain(other)


def of_organisation(address: str, domains: Iterable[str]) -> bool:
    """Whether the address is at one of the organisation's own `domains`, or below one.

    Never at a host where strangers, or other customers of the host, have addresses as well.
    """
    theirs = {organisational_domain(domain) for domain in domains}
    domain = organisational_domain(domain_of(normalised(address)))
    shared = is_shared_host(domain) or bool(_tenant(domain)) or domain in _TENANT_HOSTS
    return bool(domain) and domain in theirs and not shared and not is_public_suffix(domain)


def is_shared_host(domain: str) -> bool:
    """Whether strangers have addresses under this domain (free-mail hosts and access providers)."""
    return organisational_domain(domain).split(".")[0] in _SHARED_HOSTS


def is_public_suffix(domain: str) -> bool:
    """Whether anybody may have a domain below this one ("co.uk", "github.io"): it belongs to no organisation."""
    return _suffixes().privatesuffix(domain.strip().strip(".").lower()) is None


def read_addresses(value: str, at_most: int) -> tuple[Address, ...]:
    """The mailboxes of an address header; what cannot be read as an address is left out."""
    value = value[:_LIST_READ]
    try:
        found = list(islice(get_addresses(value, decode_names=False), at_most))
    except (MailParserError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # mail-parser has refused the header; the plain addresses in it are still worth reading.
        found = [("", address) for address in islice(_PLAIN.findall(value), at_most)]
    boxes = (Address(_shown(name), normalised(address)) for name, address in found)
    return tuple(box for box in boxes if box.address)


def is_group(value: str) -> bool:
    """Whether an address header uses group syntax (`friends: a@b.c;`), which no single sender has."""
    return bool(_GROUP.match(value.strip()))


def reply_keys(recipients: Iterable[str], headers: Headers) -> tuple[str, ...]:
    """The keys of `reply+<32 hex>@` addresses among envelope recipients and every header that names one.

    At most 20, the envelope's first: nobody takes part in more threads with one mail, and each is looked up.
    """
    named = [normalised(r) for r in recipients]
    for header in _RECIPIENT_HEADERS:
        for value in every(headers, header):
            named += _PLAIN.findall(value[:_LIST_READ].lower())
    keys = (found[1].lower() for address in named if (found := _REPLY_KEY.match(address)))
    return tuple(islice(dict.fromkeys(keys), _KEYS))


def _shown(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]+", " ", decoded(name)).strip().strip("\"'").strip()


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
