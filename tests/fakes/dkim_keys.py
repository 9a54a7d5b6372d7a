"""Real keys and real signatures for tests, sound ones and such as no sound program would make."""

from __future__ import annotations

import base64
import hashlib
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from dkim.canonicalization import CanonicalizationPolicy
from dkim.crypto import parse_pem_private_key
from nacl.encoding import Base64Encoder
from nacl.signing import SigningKey

SIGNED = ("from", "to", "subject", "date", "message-id")


@dataclass(frozen=True)
class Key:
    """`private` is what dkimpy signs with; `record` is the TXT record that publishes the other half."""

    algorithm: str
    private: Any
    pem: bytes
    record: str


@cache
def rsa_key(bits: int = 2048) -> Key:
    made = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Key("rsa-sha256", parse_pem_private_key(pem), pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")


@cache
def weak_rsa_key(bits: int) -> Key:
    """Smaller than libraries still make them."""
    drawn = random.Random(bits)
    exponent = 65537
    while True:
        p, q = _prime(drawn, bits // 2), _prime(drawn, bits // 2)
        if p != q and (p * q).bit_length() == bits and (p - 1) * (q - 1) % exponent:
            break
    d = pow(exponent, -1, (p - 1) * (q - 1))
    numbers = (0, p * q, exponent, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    private = _der(0x30, b"".join(_integer(n) for n in numbers))
    pem = b"-----BEGIN RSA PRIVATE KEY-----\n" + base64.b64encode(private) + b"\n-----END RSA PRIVATE KEY-----\n"
    record = public_record(p * q, exponent)
    return Key("rsa-sha256", parse_pem_private_key(pem), pem, record)


def public_record(modulus: int, exponent: int) -> str:
    """The record of an RSA key with any numbers."""
    public = _der(0x30, _integer(modulus) + _integer(exponent))
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


@cache
def ed25519_key() -> Key:
    made = SigningKey.generate()
    public = made.verify_key.encode(Base64Encoder).decode()
    return Key("ed25519-sha256", made, b"", f"v=DKIM1; k=ed25519; p={public}")


def sign(
    raw: bytes,
    key: Key,
    domain: str,
    *,
    selector: str = "k1",
    names: Sequence[str] = SIGNED,
    form: str = "relaxed/relaxed",
    tags: Mapping[str, str] | None = None,
) -> bytes:
    """The mail with a DKIM-Signature on top. `tags` are added or put in the place of the usual ones; `l` is obeyed."""
    signer: Any = dkim.DKIM(raw, signature_algorithm=key.algorithm.encode())
    policy = CanonicalizationPolicy.from_c_value(form.encode())
    body = policy.canonicalize_body(signer.body)
    length = int((tags or {}).get("l", len(body)))
    fields = {
        "v": "1", "a": key.algorithm, "c": form, "d": domain, "s": selector, "t": str(int(time.time())),
        "h": " : ".join(names), "bh": base64.b64encode(hashlib.sha256(body[:length]).digest()).decode(),
    }  # fmt: skip
    fields |= dict(tags or {}) | {"b": "0" * 60}
    signer.hasher = hashlib.sha256
    pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
    header = signer.gen_header(pairs, [n.encode() for n in names], policy, b"DKIM-Signature", key.private)
    return b"DKIM-Signature: " + bytes(header) + raw


def _prime(drawn: random.Random, bits: int) -> int:
    while True:
        number = drawn.getrandbits(bits) | 1 | 3 << (bits - 2)
        if all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7, 11)):
            return number


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    long = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(long)]) + long + content
