"""The agent's own addresses: where it takes mail, and what no answer ever goes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.email.bounce import is_bounce_address
from bot.channels.email.compose import Author
from knowledge.program import Vendor
from mail_ingest.address import domain_of, normalised

_REPLY = re.compile(r"reply\+[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """`domain` makes Message-IDs and reply addresses; `author` is who the agent writes as."""

    addresses: frozenset[str]
    domain: str
    author: Author

    def takes(self, address: str) -> bool:
        """Whether mail to this address is ours: one of the program's, or a reply or bounce address of our domain."""
        plain = normalised(address)
        local, _, domain = plain.rpartition("@")
        is_reply = domain == self.domain and bool(_REPLY.match(local))
        return plain in self.addresses or is_reply or is_bounce_address(plain, self.domain)


def own_addresses(vendor: Vendor, mail_domain: str, sender: str = "") -> OwnAddresses:
    """Of the program; `mail_domain` "" takes the domain of the agent's own address, `sender` "" the vendor's name."""
    agent = normalised(vendor.agent_address)
    domain = mail_domain.strip().lower() or domain_of(agent)
    named = (agent, vendor.deals_address, vendor.invoices_address, vendor.announce_address)
    author = Author(sender or f"{vendor.name} partner team", agent, domain)
    return OwnAddresses(frozenset(normalised(address) for address in named), domain, author)
