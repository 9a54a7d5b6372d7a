"""A question about the tier that asks what its figures are made of: which deals count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.readers.finer.scene import Hit, Scene, Wish, overlaps
from bot.readers.finer.sentences import pattern
from bot.vocabulary.requests import Finer, Intent

_COUNTS = pattern(
    r"(?:which|what) (?:of (?:our|the|all) )?(?:deals|sales|payments|revenue)(?: \w+){0,6} (?:count\w*|add\w*)|"
    r"welche\w* (?:unserer )?(?:deals|abschl(?:ü|ue)sse|zahlungen|ums(?:ä|ae)tze)(?: \w+){0,6} "
    r"(?:ge)?(?:zählt|zählen|zaehlt|zaehlen)|"
    r"quel(?:le)?s (?:affaires|ventes|paiements|encaissements)(?: \w+){0,6} (?:compt\w+|(?:sont|est) pris\w*)|"
    r"welke (?:van onze )?(?:deals|betalingen|omzet)(?: \w+){0,6} (?:mee)?(?:tel|telt|tellen)|"
    r"que (?:oportunidades|ventas|operaciones|pagos|ingresos)(?: \w+){0,6} (?:cuenta\w*|suman?)"
)


def _find(scene: Scene) -> Iterator[Hit]:
    for request in scene.reading.requests:
        if request.intent is not Intent.ASK_TIER or request.finer:
            continue
        if any(_COUNTS.search(s.text) for s in scene.sentences if overlaps(request.span, s)):
            yield Hit(replace(request, finer=Finer.WHY_TIER), (request,))


WHY_TIER = Wish(_find)
