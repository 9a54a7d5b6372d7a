"""DNS as it is: asks the machine's servers, or those that are configured, through dnspython."""

from __future__ import annotations

from collections.abc import Sequence

from dns.exception import DNSException
from dns.name import Name
from dns.nameserver import Do53Nameserver
from dns.rdata import Rdata
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT
from dns.resolver import NXDOMAIN, NoResolverConfiguration, Resolver

from mail_ingest.authentication.dns import Answer, DnsUnavailable, RecordType

_NEGATIVE = 60.0  # seconds that "there is none" is kept
_A_SERVER = 2.0  # seconds before the next server is asked
_PAYLOAD = 1_232  # bytes; larger answers come over TCP


class SystemDns:
    """Implements `Dns`. `servers` are (IP address, port); none: those the machine is set up with.

    Raises `DnsUnavailable` where the machine names none.
    """

    def __init__(self, servers: Sequence[tuple[str, int]] = ()) -> None:
        try:
            self._resolver = Resolver(configure=not servers)
        except NoResolverConfiguration as fault:
            raise DnsUnavailable("this machine names no DNS server") from fault
        if servers:
            self._resolver.nameservers = [Do53Nameserver(host, port) for host, port in servers]
        self._resolver.timeout = _A_SERVER
        self._resolver.use_edns(0, 0, _PAYLOAD)

    def look_up(self, name: str, kind: RecordType, seconds: float) -> Answer:
        absolute = _absolute(name)
        if absolute is None:
            return Answer((), _NEGATIVE)
        try:
            found = self._resolver.resolve(absolute, kind, raise_on_no_answer=False, lifetime=seconds, search=False)
        except NXDOMAIN:
            return Answer((), _NEGATIVE)
        except (DNSException, OSError, ValueError) as fault:
            raise DnsUnavailable(f"no answer for {kind} of {name[:100]} ({type(fault).__name__})") from fault
        if found.rrset is None:
            return Answer((), _NEGATIVE)
        return Answer(tuple(_as_bytes(record) for record in found.rrset), float(found.rrset.ttl))


def _absolute(name: str) -> Name | None:
    """The name by its labels, so that no character in it is an escape; None for what no DNS can hold."""
    try:
        return Name([*name.encode("ascii").split(b"."), b""])
    except (DNSException, UnicodeError):
        return None


def _as_bytes(record: Rdata) -> bytes:
    if isinstance(record, TXT):
        return b"".join(record.strings)
    if isinstance(record, MX):
        return f"{record.preference} {record.exchange.to_text(omit_final_dot=True)}".encode()
    return record.to_text().rstrip(".").encode()
