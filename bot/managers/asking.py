"""What managers may ask for in a word of their own, in five languages: their digest."""

from __future__ import annotations

import re

_DIGEST = re.compile(
    r"[\s*_\"“„«']*(?:(?:please|bitte|my|the|mein|mon|le|mijn|het|mi|el)\s+)*"
    r"(?:(?:weekly |week |partner )?digest|wochen(?:übersicht|digest)|(?:aperçu|résumé) (?:hebdomadaire|de la semaine)|"
    r"week(?:overzicht|digest)|resumen (?:semanal|de la semana))"
    r"(?:,?\s+(?:please|bitte|s'il vous plaît|svp|graag|alstublieft|por favor))?[\s*_.!?\"”“»']*",
    re.IGNORECASE,
)
_READ = 200  # characters of the first line


def asks_for_digest(text: str) -> bool:
    """Whether the first line that says something asks for the digest and for nothing else."""
    lines = (" ".join(line.split()).replace("’", "'") for line in text[:10_000].splitlines())
    first = next((line for line in lines if line), "")
    return len(first) <= _READ and _DIGEST.fullmatch(first) is not None
