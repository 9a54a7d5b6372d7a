"""Short messages that say one thing and nothing else; a whole message of this form needs no weighing."""

from __future__ import annotations

import re

_STOP = (
    r"unsubscribe|un-subscribe|opt[- ]?out|(?:take|remove) (?:me|us) (?:off|from)|"
    r"abmelden|abbestellen|austragen|abmeldung|(?:melde[nt]?|meld) .{0,12}ab|trag(?:e|en|t)? .{0,12}aus|"
    r"(?:me |nous |se )?d[ée]sabonn(?:er|ez|e|ement)(?:-moi|-nous)?|"
    r"(?:me |nous )?d[ée]sinscri(?:re|vez|ption)(?:-moi|-nous)?|"
    r"uitschrijv(?:en|ing)|schrijf .{0,12}uit|afmeld(?:en|ing)|meld .{0,12}af|"
    r"(?:dar(?:me|nos)|denme|deme|dadme|quiero darme) de baja|baja|cancelar (?:mi |la )?suscripci[óo]n|"
    r"desuscrib\w*"
)
_FILLING = (
    r"hi|hello|hey|hallo|guten tag|bonjour|hola|please|pls|plz|kindly|bitte|s'il (?:vous|te) pla[îi]t|svp|stp|graag|"
    r"a\.?u\.?b\.?|alsjeblieft|alstublieft|por favor|porfa|can you|could you|kannst du|k[öo]nnen sie|merci de|"
    r"je (?:veux|voudrais|souhaite)|ich (?:m[öo]chte|will)|ik wil|i (?:want to|would like to|wish to)|i'd like to|"
    r"quiero|"
    r"me|us|mich|uns|moi|nous|mij|ons|sich|this|the|your|all|any|my|from|of|off|de|la|le|el|los|las|des|der|die|dem|den|"
    r"van|voor|von|vom|aus|her|here|hier|it|to|f[üu]r|by|"
    r"(?:mailing ?)?lists?|liste|lista|lijst|verteiler|verzendlijst|mailinglijst|newsletters?|nieuwsbrief|bolet[íi]n|"
    r"infolettre|lettre d'information|announcements?|ank[üu]ndigungen|annonces|aankondigingen|anuncios|avisos|mails?|"
    r"e-?mails?|correos|thanks?|thank you|thx|danke|merci|bedankt|gracias|dank u|dank je"
)
_WORD = re.compile(r"[^\s,.!;:]+")
_UNSUBSCRIBE = re.compile(
    rf"\W*(?:(?:{_FILLING})(?!\w)\W*){{0,6}}(?:{_STOP})(?!\w)\W*(?:(?:{_FILLING})(?!\w)\W*){{0,8}}", re.I
)
MOST_WORDS = 12


def is_unsubscribe(text: str) -> bool:
    """Whether the whole text is a wish for no more announcements, in any of the five languages."""
    return len(text) <= 160 and len(_WORD.findall(text)) <= MOST_WORDS and bool(_UNSUBSCRIBE.fullmatch(text))


_PLEASE = (
    r"(?:can|could|would|will) you|(?:kannst|k[öo]nntest) du|(?:k[öo]nnt|k[öo]nntet) ihr|k[öo]nn(?:t?en) sie|"
    r"(?:pouvez|pourriez)[- ]vous|(?:peux|pourrais)[- ]tu|vous (?:pouvez|pourriez)|tu (?:peux|pourrais)|"
    r"(?:kunnen|kunt|kun|kan|willen|wil) (?:jullie|u|je)|"
    r"pod[ée]is|puedes|podr[íi]ais|podr[íi]as|(?:pueden|podr[íi]an) ustedes|(?:puede|podr[íi]a) usted"
)
_REGISTER = (
    r"register|reg|log|book|protect|reserve|secure|registrier\w*|anmeld\w*|eintrag\w*|sch[üu]tz\w*|sicher\w*|"
    r"reservier\w*|vormerk\w*|enregistr\w*|prot[ée]g\w*|r[ée]serv\w*|d[ée]clar\w*|registrer\w*|bescherm\w*|vastleg\w*|"
    r"reserver\w*|registr(?:ar\w*|ad|en)"
)
_NOT = r"not|n't|nicht|kein\w*|noch|pas|jamais|niet|geen|nog|no|nunca|todav[íi]a|yet|how|when|wie|wann|if|ob|si|whether"
_ASKED_TO_REGISTER = re.compile(
    rf"(?<!\w)(?:{_PLEASE})(?!\w)(?P<between>[^.!?\n]{{0,90}}?)(?<!\w)(?:{_REGISTER})(?!\w)", re.I
)
_NEGATED = re.compile(rf"(?<!\w)(?:{_NOT})(?!\w)", re.I)


def asks_to_register(text: str) -> bool:
    """Whether somebody is asked, as one asks a person, to register or protect something: a wish, not a question."""
    return any(not _NEGATED.search(found["between"]) for found in _ASKED_TO_REGISTER.finditer(text))
