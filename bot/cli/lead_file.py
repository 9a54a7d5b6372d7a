"""A lead to be shared as a TOML file: its keys are the names of the options of `partnerline leads share`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bot.cli.faults import Fault

_TEXTS = ("customer", "domain", "contact", "email", "phone", "amount", "region", "country", "notes")
_KEYS = frozenset((*_TEXTS, "products", "seats"))


def read_lead(file: Path) -> dict[str, object]:
    """What the file says. Raises Fault with the first thing that is wrong with it."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise Fault(f"{file} cannot be read: {fault.strerror}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Fault(f"{file} is no TOML file: {fault}", "docs/leads-and-people.md shows one") from fault
    if strange := sorted(said.keys() - _KEYS):
        raise Fault(f"{file} names {strange[0]}, which a lead does not have", f"it has {', '.join(sorted(_KEYS))}")
    for name in _TEXTS:
        if name in said and not isinstance(said[name], str):
            raise Fault(f"{file}: {name} has to be a text in quotation marks")
    if isinstance(said.get("seats", 0), bool) or not isinstance(said.get("seats", 0), int):
        raise Fault(f"{file}: seats has to be a whole number")
    products = said.get("products", [])
    if not isinstance(products, list) or not all(isinstance(name, str) for name in products):
        raise Fault(f"{file}: products has to be a list of names")
    return {**said, **({"products": tuple(products)} if products else {})}
