"""A DNS by hand: what it holds is written into it, and names can fail as real ones do."""

from __future__ import annotations

from collections import defaultdict

from mail_ingest.authentication.dns import Answer, DnsUnavailable, RecordType

_TTL = 300.0
_CHAIN = 16


class Zone:
    """Implements `Dns`. `asked` are the questions in their order; `ttl` is every answer's."""

    def __init__(self, ttl: float = _TTL) -> None:
        self.ttl = ttl
        self.asked: list[tuple[str, str]] = []
        self._records: dict[tuple[str, str], list[bytes]] = defaultdict(list)
        self._aliases: dict[str, str] = {}
        self._failing: dict[str, str] = {}

    def add(self, name: str, kind: RecordType, *records: str | bytes) -> None:
        self._records[name, kind] += [r.encode() if isinstance(r, str) else r for r in records]

    def replace(self, name: str, kind: RecordType, *records: str | bytes) -> None:
        self._records.pop((name, kind), None)
        self.add(name, kind, *records)

    def alias(self, name: str, target: str) -> None:
        """A CNAME."""
        self._aliases[name] = target

    def fail(self, name: str, how: str = "SERVFAIL") -> None:
        """Every question about this name, and about all below it, ends without an answer."""
        self._failing[name] = how

    def recover(self, name: str) -> None:
        del self._failing[name]

    def exists(self, name: str) -> bool:
        """Whether the name has any record; asking is not noted."""
        return name in self._aliases or any(records and name == known for (known, _), records in self._records.items())

    def look_up(self, name: str, kind: RecordType, seconds: float) -> Answer:
        assert seconds > 0
        assert name == name.lower()
        self.asked.append((name, kind))
        for _ in range(_CHAIN):
            for failing, how in self._failing.items():
                if name == failing or name.endswith(f".{failing}"):
                    raise DnsUnavailable(f"no answer for {kind} of {name} ({how})")
            if name not in self._aliases:
                return Answer(tuple(self._records.get((name, kind), ())), self.ttl)
            name = self._aliases[name]
        raise DnsUnavailable(f"no answer for {kind} of {name} (SERVFAIL: a CNAME loop)")
