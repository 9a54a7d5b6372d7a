"""Whether a domain that a method vouches for is the author's: of the same organisation, or exactly the same."""

from __future__ import annotations

from mail_ingest.address import domain_of, normalised, same_organisation


def plain_domain(domain: bytes | str) -> str:
    """The normal form (lower case, ASCII) of a domain as it stands in a mail, or "" where it is none."""
    text = domain.decode("utf-8", "replace") if isinstance(domain, bytes) else domain
    return domain_of(normalised(f"x@{text.strip()}"))


def aligned(domain: str, author: str, *, strict: bool) -> bool:
    """Both in normal form. RFC 7489, section 3.1."""
    if not domain:
        return False
    return domain == author if strict else same_organisation(domain, author)
