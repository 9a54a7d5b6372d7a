"""A question about all deals of one's own that names none of them, so that it looks like one about the program."""

from __future__ import annotations

from collections.abc import Iterator

from bot.readers.finer.scene import Hit, Scene, Wish, overlaps
from bot.readers.finer.sentences import Sentence, pattern
from bot.vocabulary.requests import Intent, Request, StatusFields

_MISREAD = frozenset({Intent.ASK_PROGRAM, Intent.ASK_CONTENT})
_ASKS = pattern(
    r"which|what(?:'s| is| are)?|show|list|welche\w*|was|zeig\w*|quel\w*|montre\w*|liste\w*|welke?|wat|toon|lijst|"
    r"que|cuales|muestra\w*|lista\w*"
)
_DEALS = pattern(
    r"deals|(?:deal )?registrations|opportunities|registrierungen|affaires|enregistrements|registraties|oportunidades|"
    r"registros"
)
_OURS = pattern(r"we|our|us|wir|unsere\w*|uns|nous|nos|notre|on|onze|ons|tenemos|nuestr[oa]s")
_STAND = pattern(
    r"open|running|active|pending|in progress|offen\w*|laufen\w*|aktiv\w*|en cours|ouvert\w*|activ[eo]s?|lopen\w*|"
    r"openstaan\w*|openstaande|abiert\w*|en curso|activ[oa]s"
)
_RULES = pattern(
    r"can|may|must|should|need|allowed|count\w*|rules?|können|dürfen|müssen|brauch\w*|regeln?|peut|pouvons|faut|"
    r"regles?|kunnen|mogen|moeten|regels?|podemos|debemos|reglas?"
)


def _find(scene: Scene) -> Iterator[Hit]:
    for request in scene.reading.requests:
        if request.intent not in _MISREAD or request.finer:
            continue
        if any(_is_meant(s) for s in scene.sentences if overlaps(request.span, s)):
            yield Hit(Request(Intent.ASK_DEAL_STATUS, StatusFields(), request.span, 0.9), (request,))


def _is_meant(sentence: Sentence) -> bool:
    wanted = (_ASKS, _DEALS, _OURS, _STAND)
    return all(one.search(sentence.text) for one in wanted) and not _RULES.search(sentence.text)


OWN_DEALS = Wish(_find)
