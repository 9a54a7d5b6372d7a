"""Somebody of the sender's own company is there no longer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.finer.announced_words import GONE_MYSELF
from bot.readers.finer.colleagues import (
    COLLEAGUE,
    EMAIL,
    EVENT,
    OURS,
    TITLES,
    colleague_named,
    is_theirs,
    names_a_customer,
    person_hit,
    spoken_of,
    subject,
    titled,
)
from bot.readers.finer.moods import LANGUAGES, is_supposed, patterns
from bot.readers.finer.scene import Hit, Scene, Wish, stems
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.requests import DealFields, Finer, PersonFields

_GONE = patterns({
    "en": (
        r"(?:has |have |'s |is |are |will be |will |just |recently |sadly |unfortunately |also |now |already |since |"
        r"to |be )*"
        r"(?:left|leaving|leaves|leave|quit|quits|departed|departing|resigned|parted ways with) (?:us|the (?:company|"
        r"firm|business|agency|team|"
        r"organi[sz]ation)|our (?:company|firm|team|business|agency)|from us)(?! (?:a|the|with|to|for|alone|no|some|"
        r"any|in)\b(?! (?:the )?"
        r"(?:end|summer|month|week|beginning)))|"
        r"(?:is |are |'s )?no longer (?:works?|working|employed|part|a member|a part|here|on|with|at|in|"
        r"active)(?: (?:for|with|at|of|on|in|by))?"
        r"(?: (?:us|our \w+|the (?:company|team|firm|business)))?|"
        r"(?:isn't|is not|aren't|wasn't|ain't) (?:\w+ )?(?:with|at|working (?:for|with|at)|employed (?:by|with)|"
        r"part of|in) (?:us|our \w+|the (?:company|team|firm)) "
        r"(?:any ?more|any longer)|(?:doesn't|does not|don't) work (?:here|for us|with us|at our \w+) (?:any ?more|"
        r"any longer)|"
        r"(?:has |have |is |'s )(?:now |just |recently )?(?:retired|retiring|moved on|gone|resigned|been let go|"
        r"handed in (?:his|her|their) notice)"
        r"(?= *(?:$|[.,;!]|and\b|from (?:us|our|the)|at the|last|this|on|so))|(?:resigned|retired|retires)(?= *(?:$|"
        r"[.,;!]|and\b|last|this|on|so|at the))|last day (?:with us|here|at (?:our|the) \w+)?(?: is| was| will be)"
    ),
    "de": (
        r"(?:ist|sind|arbeitet|arbeiten|war)? ?(?:leider |seit \S+ |ab \S+ |jetzt |inzwischen |mittlerweile |"
        r"ja )*nicht (?:mehr|länger) "
        r"(?:\S+ ){0,2}(?:bei uns|für uns|im (?:haus|unternehmen|team|betrieb)|in unserem \w+|in der firma|"
        r"in unserer \w+|hier|an bord|"
        r"teil unseres \w+|dabei)(?: tätig| beschäftigt| angestellt)?|"
        r"gehör\w* (?:\S+ ){0,2}nicht (?:mehr|länger) (?:\S+ )?(?:zu|zum) (?:uns|unser\w*(?: \w+)?|team)|"
        r"(?:ist|arbeitet) bei uns (?:\S+ ){0,2}nicht mehr(?: tätig| beschäftigt)?|"
        r"(?:hat|haben|wird|werden) (?:\S+ ){0,6}?(?:uns|unser(?:e|en)? \w+|die (?:firma|agentur)|das (?:unternehmen|"
        r"haus|team)|den betrieb) (?:\S+ ){0,4}verlassen|"
        r"verl[aä]sst (?:\S+ ){0,4}?(?:uns|unser(?:e|en)? \w+|die firma|das unternehmen|das team)|"
        r"(?:ist|sind) (?:\S+ ){0,6}?(?:ausgeschieden|gegangen(?= *(?:$|[.,;!]))|in (?:rente|pension|"
        r"den ruhestand)(?: gegangen)?)|scheidet (?:\S+ ){0,5}?aus|"
        r"(?:hat|haben) (?:\S+ ){0,4}?gekündigt"
    ),
    "fr": (
        r"(?:a |ont |va |vient de |nous )*(?:quitte|quittee?s?|quitter|quittera|"
        r"quittent) (?:\S+ ){0,2}?(?:l'entreprise|la (?:societe|boite|maison|structure)|"
        r"notre (?:entreprise|societe|equipe|agence|structure)|l'equipe|nos rangs|l'agence)|nous (?:a|"
        r"ont) (?:\S+ )?quittes?|nous quitte\w*|"
        r"(?:ne |n')(?:travaill\w+|est|fait|font|sont|figure) plus (?:\S+ ){0,3}?(?:chez nous|avec nous|pour nous|"
        r"parmi nous|partie de (?:notre|l')\S*(?: \w+)?|"
        r"dans (?:notre|l')\S*(?: \w+)?|des notres|en poste|salariee?s?|ici)|(?:est|sont) parti\w*(?= *(?:$|[.,;!])|"
        r" (?:de (?:chez nous|l'entreprise|la societe)|"
        r"a la retraite|en retraite))|(?:a|ont) (?:demissionne|pris sa retraite)"
    ),
    "nl": (
        r"(?:heeft|hebben|gaat|zal) (?:\S+ ){0,5}?(?:ons|ons \w+|onze \w+|het (?:bedrijf|team)|de (?:firma|"
        r"organisatie|zaak)) (?:\S+ ){0,4}verlaten|"
        r"verlaat (?:\S+ ){0,4}?(?:ons|onze \w+|het bedrijf|het team)|(?:is|zijn|werkt|werken|"
        r"maakt) (?:\S+ ){0,3}?niet (?:meer|langer) (?:\S+ ){0,2}?(?:bij ons|voor ons|"
        r"in dienst|werkzaam(?: bij ons)?|hier|deel uit van ons \w+|in ons \w+|bij het bedrijf|met ons)|(?:is|gaat|"
        r"zijn) (?:\S+ ){0,6}?(?:uit dienst|met pensioen|"
        r"weg bij ons)|(?:heeft|hebben) (?:\S+ ){0,3}?ontslag genomen|maakt (?:\S+ )?geen deel (?:meer|"
        r"langer) uit van (?:ons|het) \w+|"
        r"werkt (?:\S+ ){0,2}(?:bij ons|hier) niet (?:meer|langer)"
    ),
    "es": (
        r"(?:ha|han|va a|van a|acaba de)? ?(?:dejado|dejo|deja|dejar|dejara|abandonado|abandono|"
        r"abandona) (?:\S+ ){0,2}?(?:la (?:empresa|compania|agencia|firma)|nuestr\w+ "
        r"(?:empresa|equipo|compania|agencia)|el equipo)|nos (?:ha|han) dejado|"
        r"ya no (?:trabaja\w*|labora\w*|esta\w*|forma\w*|pertenece\w*|sigue\w*|es|"
        r"continua) (?:\S+ ){0,2}?(?:con nosotros|en (?:la|nuestra) (?:empresa|casa|agencia|compania)|aqui|"
        r"parte de(?:l| nuestro| la| nuestra) (?:equipo|empresa|plantilla)|para nosotros|entre nosotros|en (?:el|"
        r"nuestro) equipo|a nuestr\w+ \w+|emplead\w+ nuestr\w+)|"
        r"(?:se ha|ha) (?:jubilado|marchado|dimitido|causado baja)|se (?:jubila|marcha|ha ido|fue)(?= *(?:$|[.,;!])|"
        r" de (?:la empresa|nuestra))"
    ),
})  # fmt: skip
_WITH = re.compile(r"\b(?:with us|con nosotros|avec nous|met ons)\b")


def says_gone(text: str) -> bool:
    """Whether a folded sentence says that somebody is gone for good, whoever it is."""
    return any(_GONE[language].search(text) for language in LANGUAGES)


def _left(scene: Scene) -> Iterator[Hit]:
    below = scene.readable.thread.announcement_id is not None  # where whoever goes himself is heard by another wish
    for sentence in scene.sentences:
        if sentence.asks or (below and GONE_MYSELF.search(sentence.text)):
            continue
        for language in LANGUAGES:
            match = _GONE[language].search(sentence.text)
            if match and (person := _who_left(scene, sentence, match, language)):
                yield person_hit(scene, sentence, Finer.PERSON_LEFT, *person)
                break


_BESIDES = re.compile(r"\b(?:and|und|et|en|y|while|während|tandis que|terwijl|mientras|but|aber|mais|maar|pero)\b|;")


def _who_left(
    scene: Scene, sentence: Sentence, match: re.Match[str], language: str
) -> tuple[PersonFields, bool] | None:
    """Who is gone, and whether that is in doubt; None where it is no colleague."""
    if is_supposed(sentence, *match.span(), language) or is_theirs(sentence) or EVENT.search(sentence.text):
        return None
    if re.search(r"\bnot? (?:going to )?(?:left|leaving|leave)\b|\bnever\b", sentence.text):
        return None
    name = (
        subject(sentence, match.start())
        or spoken_of(sentence, match.start())
        or titled(sentence)
        or colleague_named(sentence, language)
    )
    email = EMAIL.search(sentence.raw)
    if email and name and _BESIDES.search(sentence.text, match.end(), email.start()):
        email = None  # the address of whoever else the sentence speaks of
    if not name and not email:
        return None
    if names_a_customer(scene, sentence, name):
        return None
    registered = any(isinstance(r.fields, DealFields) and r.fields.customer for r in scene.reading.requests)
    if registered and not (COLLEAGUE[language].search(sentence.text) or OURS.search(sentence.text)):
        return None
    plain = bool(TITLES.search(sentence.text) or COLLEAGUE[language].search(sentence.text))
    doubt = not plain and bool(_WITH.search(match.group()) or (" " not in name and name in scene.customers))
    return PersonFields(name or None, email.group().lower() if email else None), doubt


LEFT = Wish(
    _left,
    stems(
        "left leaving leaves leave quit quits departed departing resigned parted longer anymore any retired "
        "retiring moved gone notice last mehr länger laenger verlassen verlässt verlaesst verlasst ausgeschieden "
        "gegangen rente pension ruhestand scheidet gekündigt gekuendigt quitté quittée quitter quitte quittera "
        "quittent plus parti partie démissionné demissionne retraite verlaten verlaat meer langer dienst pensioen "
        "weg ontslag deel dejado dejo deja dejar dejará abandonado abandona ya jubilado marchado dimitido causado "
        "jubila marcha ido fue"
    ),
)
