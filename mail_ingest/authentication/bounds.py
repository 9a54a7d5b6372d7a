"""What one check of a sender may cost, however hostile the mail and its domain are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds of DNS, numbers of things looked at, sizes in bytes, RSA keys in bits.

    `spf_lookups` and `spf_void` are RFC 7208's; `spf_questions` caps what it leaves open, the names behind `mx` and
    `ptr`, as `spf_records` does the addresses of a name. `rsa_least` is RFC 8301's; `rsa_exponent` in bits, as a large
    one makes a check as slow as a signature.
    """

    seconds_each: float = 4.0
    seconds_total: float = 12.0
    signatures_seen: int = 30
    signatures_checked: int = 5
    signature: int = 8_192
    signed_names: int = 200
    record: int = 4_096
    rsa_least: int = 1_024
    rsa_most: int = 8_192
    rsa_exponent: int = 33
    spf_lookups: int = 10
    spf_void: int = 2
    spf_questions: int = 50
    spf_records: int = 100
    seals: int = 6


DEFAULT = Bounds()
