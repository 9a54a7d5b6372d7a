"""A question about the tier that looks back: since when, and what before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.readers.finer.scene import Hit, Scene, Wish, overlaps
from bot.readers.finer.sentences import pattern
from bot.vocabulary.requests import Finer, Intent

_BACK = pattern(
    r"since when|how long (?:have|has|are|were)|when (?:did|was|were|have|has)|history|(?:did|were) we (?:have|in)|"
    r"previous(?:ly)?|formerly|in the past|"
    r"seit wann|wie lange (?:sind|haben|schon)|wann (?:sind|wurden|haben|hat|wurde)|hatten wir|waren wir|\w*verlauf|"
    r"\w*historie|früher|"
    r"depuis (?:quand|combien)|quand (?:sommes|avons|avez|a ete|est-ce que nous (?:sommes|avons))|avions|etions|"
    r"historique|auparavant|"
    r"sinds wanneer|hoe lang (?:zijn|hebben)|wanneer (?:zijn|werden|hebben|is ons|is het)|hadden we|waren we|"
    r"\w*geschiedenis|historiek|vroeger|"
    r"desde cuando|cuanto tiempo (?:llevamos|hace)|cuando (?:pasamos|fuimos|obtuvimos|conseguimos|subimos|llegamos)|"
    r"teniamos|eramos|estabamos|historial|anteriormente"
)
_AHEAD = pattern(
    r"next|needs?|needed|missing|lack\w*|reach\w*|requirements?|gap|left|will|going to|"
    r"nächste\w*|brauch\w*|fehl\w*|erreich\w*|voraus\w*|werden wir|"
    r"prochain\w*|faut|manqu\w*|atteindre|besoin|conditions?|serons|"
    r"volgende|nodig|ontbre\w*|bereik\w*|vereis\w*|zullen|"
    r"proxim\w*|siguiente|falta\w*|necesit\w*|alcanz\w*|requisit\w*|seremos"
)


def _find(scene: Scene) -> Iterator[Hit]:
    """One that looks ahead as well is answered in full, and that says since when, too."""
    if any(_AHEAD.search(sentence.text) for sentence in scene.sentences):
        return
    for request in scene.reading.requests:
        if request.intent is not Intent.ASK_TIER or request.finer:
            continue
        if any(_BACK.search(s.text) for s in scene.sentences if overlaps(request.span, s)):
            yield Hit(replace(request, finer=Finer.TIER_HISTORY), (request,))


TIER_HISTORY = Wish(_find)
