"""The content of a DATA command, gathered from pieces as large as they come over the wire."""

from __future__ import annotations

_END = b"\r\n.\r\n"
_PATIENCE = 2  # times the limit: so much of a mail that is too large is read to its end, to be answered politely


class Body:
    """`feed` until it returns what came after the end, which is a dot alone between two CR LF (RFC 5321, 4.1.1.4).

    Bare line feeds, bare carriage returns and NUL are content like any other, so that no second mail hides behind them.
    Beyond `limit` bytes nothing is kept.
    """

    def __init__(self, limit: int) -> None:
        self.received = 0
        self.too_large = False
        self._limit = limit
        # The line end of the DATA command itself, so that an empty mail ends like any other.
        self._kept = bytearray(b"\r\n")

    @property
    def hopeless(self) -> bool:
        """Whether so much came beyond the limit that its end is not worth waiting for."""
        return self.received > self._limit * _PATIENCE

    def feed(self, piece: bytes) -> bytes | None:
        """What stands after the end, which may be nothing; None while the end has not come."""
        self.received += len(piece)
        looked_at = max(len(self._kept) - len(_END) + 1, 0)
        self._kept += piece
        end = self._kept.find(_END, looked_at)
        if end >= 0:
            rest = bytes(self._kept[end + len(_END) :])
            del self._kept[end + 2 :]
            self.too_large = self.too_large or len(self._kept) - 2 > self._limit
            return rest
        if self.too_large or len(self._kept) > self._limit + len(_END):
            self.too_large = True
            del self._kept[: -len(_END)]
        return None

    def content(self) -> bytes:
        """The mail with the dots that were doubled for the wire made single again (RFC 5321, 4.5.2)."""
        return bytes(self._kept.replace(b"\r\n.", b"\r\n")[2:])
