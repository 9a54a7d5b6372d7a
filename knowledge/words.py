"""Cuts a text into comparable words: without case, accents, filler words and endings, by language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LONGEST = 40  # letters; longer runs are no words
_SHORTEST_STEM = 4
_GRAM = 4


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILLERS: Mapping[str, frozenset[str]] = {
    "en": _words(
        "a an the and or but if of to in on at by for from with about as is are was were be been am do does "
        "did have has had i we you he she it they me us him her them my our your his its their this that "
        "these those there here what which who how when where why can could would will shall should may might "
        "must not no yes so than then too very just also any some all please hi hello hey thanks thank "
        "regards dear get got know tell want need like many much long let re ps one next"
    ),
    "de": _words(
        "der die das den dem des ein eine einen einem einer eines und oder aber wenn von zu zum zur in im an "
        "am auf bei fur mit uber aus nach vor als ist sind war waren sein bin hat haben hatte ich wir du ihr "
        "sie er es mich uns ihm ihn mir dir euch mein meine meinen unser unsere unseren dein deine ihre ihren "
        "ihrem euer dies diese dieser dieses was welche welcher welches welchen wer wie wann wo warum kann "
        "konnen konnte wurde werden wird soll sollte muss mussen darf nicht kein keine ja nein so dann auch "
        "noch nur mal denn doch schon bitte hallo danke guten tag grusse gibt man sich eigentlich gerade dazu "
        "da viel viele lange habe konnt nachste nachsten"
    ),
    "fr": _words(
        "le la les l un une des de du d et ou mais si a au aux en dans sur par pour avec sans que qui quoi "
        "quel quelle quels quelles est sont etait etre suis ai as avons avez ont je j nous vous tu il elle on "
        "ils elles me m te se s mon ma mes notre nos votre vos son sa ses ce cet cette ces c comment quand ou "
        "pourquoi combien peut peux pouvez pouvons doit faut ne n pas non oui plus tres aussi y bonjour merci "
        "bien cordialement svp fait faire qu est-ce avoir salut prochain prochaine suivant suivante"
    ),
    "nl": _words(
        "de het een en of maar als van te ten ter in op aan bij voor met over uit naar is zijn was waren ben "
        "heb hebt heeft hebben had ik we wij je jij jullie u hij zij ze het ons hem haar hun mij me mijn onze "
        "ons jouw uw dit dat deze die wat welke wie hoe wanneer waar waarom kan kunnen kon zou zal zullen "
        "moet moeten mag niet geen ja nee dan ook nog er maar even eens hallo hoi dank bedankt groet groeten "
        "graag veel lang om wordt worden toch krijg krijgen volgende"
    ),
    "es": _words(
        "el la los las un una unos unas de del al y o pero si a en con sin por para sobre que quien cual "
        "cuales es son era ser soy esta estan estar he ha han hemos hay yo nosotros tu usted ustedes vosotros "
        "el ella ellos me nos te se le les lo mi mis nuestro nuestra nuestros su sus este esta estos ese esa "
        "esto como cuando donde cuanto cuanta puede puedo podemos debe tengo tiene tenemos no si mas muy "
        "tambien ya hola gracias saludos favor buenos dias siguiente proximo proxima"
    ),
}

_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "en": ("ations", "ation", "ions", "ion", "ments", "ment", "ings", "ing", "ies", "ied", "ed", "es", "s", "y", "e"),
    "de": ("ungen", "ung", "innen", "iert", "ieren", "ierung", "en", "ern", "er", "es", "em", "te", "t", "e", "n", "s"),
    "fr": ("ations", "ation", "ements", "ement", "ees", "ee", "es", "er", "ez", "ent", "e", "s", "x"),
    "nl": ("eringen", "ering", "eren", "ingen", "ing", "en", "es", "t", "e", "n", "s"),
    "es": (
        "aciones",
        "acion",
        "amos",
        "ando",
        "ados",
        "adas",
        "ado",
        "ada",
        "ar",
        "er",
        "ir",
        "os",
        "as",
        "es",
        "o",
        "a",
        "e",
        "s",
    ),
}


def plain(text: str) -> str:
    """Lower case without accents; ß becomes ss."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def stems(text: str, language: str) -> tuple[str, ...]:
    """The words that carry meaning, in order, each cut to its stem."""
    fillers = FILLERS.get(language, frozenset())
    parts = (part for word in _WORD.findall(plain(text)) for part in word.replace("’", "'").split("'"))
    return tuple(_stem(word, language) for word in parts if word not in fillers and 1 < len(word) <= _LONGEST)


def grams(stem: str) -> tuple[str, ...]:
    """Pieces of a long stem, which meet inside compounds such as Schutzfrist and Kundenschutz."""
    return tuple(stem[n : n + _GRAM] for n in range(len(stem) - _GRAM + 1)) if len(stem) > _GRAM else ()


def _stem(word: str, language: str) -> str:
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM + (len(ending) > 2):
            return word[: -len(ending)]
    return word
