"""The language of a message, out of the five that partners are answered in."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = ("en", "de", "fr", "nl", "es")
SHORT = 25

_LITTLE_WORDS: dict[str, str] = {
    "en": ("the and is are you we our for of to please what have has with from this that it on can yes no thanks"),
    "de": (
        "der die das und ist sind wir ihr ich nicht bitte für von mit auf den dem ein eine wie was noch zu ja "
        "nein danke uns haben hat kann bei im isch mir hei gits git's chönd"
    ),
    "fr": (
        "le la les et est sont nous vous pour de des du un une avec sur que qui dans pas je bonjour merci oui "
        "non on c'est notre votre ça"
    ),
    "nl": (
        "de het en is zijn wij we jullie voor van met op een wat niet graag kunnen kan ik dat die nog bij ja "
        "nee bedankt onze naar ook maar"
    ),
    "es": (
        "el la los las y es son para de del un una con en que por no lo se nos cuánto hola gracias sí nuestra "
        "nuestro está qué ya me"
    ),
}
_TELLING = {language: frozenset(said.split()) for language, said in _LITTLE_WORDS.items()}


@lru_cache(maxsize=1)
def load_identifier() -> Any:
    """The language model, loaded once; it takes half a second."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def _by_words(text: str) -> Counter[str]:
    said = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.casefold()[:2000])
    return Counter({language: sum(word in telling for word in said) for language, telling in _TELLING.items()})


def language_of(text: str, fallback: str = "en") -> str:
    """The text's language as an ISO 639-1 code; a text too short to tell gets what its little words say, or "
    "`fallback`."""
    letters = sum(c.isalpha() for c in text[:4000])
    if letters < 2:
        return fallback
    counts = _by_words(text)
    (first, most), (_, second) = counts.most_common(2)
    if most >= 3 and most >= 1.6 * second:
        return first
    if letters < SHORT:
        return first if most > second else fallback
    guess, _ = load_identifier().classify(re.sub(r"\S+@\S+|https?://\S+|\d+", " ", text[:2000]))
    return str(guess)
