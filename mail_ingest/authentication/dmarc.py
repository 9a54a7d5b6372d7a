"""The DMARC policy of a From domain: its own record, else its organisation's; RFC 7489, section 6.6.3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mail_ingest.address import organisational_domain
from mail_ingest.authentication.bounds import Bounds
from mail_ingest.authentication.lookups import Lookups

_VERSION = re.compile(r"\s*v\s*=\s*DMARC1\s*(?:;|\Z)")
_WISHES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Policy:
    """`domain` is where the record stands; `wish` what its owner asks for a mail that fails."""

    domain: str
    wish: str
    strict_dkim: bool
    strict_spf: bool


def find_policy(author: str, lookups: Lookups, bounds: Bounds) -> Policy | None:
    """The policy for a domain in normal form, None where it has none. Raises `DnsUnavailable`.

    Several records at one name are no policy, as nobody can tell which counts.
    """
    organisation = organisational_domain(author)
    for domain in dict.fromkeys((author, organisation)):
        found = [r for record in lookups.records(f"_dmarc.{domain}", "TXT") if (r := _readable(record, bounds))]
        if found:
            return _policy(domain, found[0], is_parent=domain != author) if len(found) == 1 else None
    return None


def _readable(record: bytes, bounds: Bounds) -> str:
    """The text of a DMARC record, "" for any other."""
    text = record.decode("utf-8", "replace")
    return text if len(record) <= bounds.record and _VERSION.match(text) else ""


def _policy(domain: str, record: str, *, is_parent: bool) -> Policy | None:
    tags = _tags(record)
    wish = tags.get("p", "").lower()
    if is_parent and "sp" in tags:
        wish = tags["sp"].lower()
    if wish not in _WISHES:
        # The standard: who asks for reports has a policy of `none`; other broken records are none at all.
        if not tags.get("rua"):
            return None
        wish = "none"
    return Policy(domain, wish, strict_dkim=_is_strict(tags, "adkim"), strict_spf=_is_strict(tags, "aspf"))


def _is_strict(tags: Mapping[str, str], name: str) -> bool:
    """Whatever is not clearly `r` was meant to be stricter."""
    return tags.get(name, "r").lower() != "r"


def _tags(record: str) -> dict[str, str]:
    """Each tag at its first mention; what is no tag is passed over."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found
