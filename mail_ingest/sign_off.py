"""The phrases people close a mail with, and the names below them.

A closing is told by its words: all of them are words of such phrases or names. "Thanks for the list, now register us"
is none, as what stands below a closing may be taken for a signature.
"""

from __future__ import annotations

import re

from mail_ingest.contact_lines import is_name_of

# One of these makes a closing.
_CORE_WORDS = """
regards regard wishes best thanks thank thx thnx cheers sincerely yours respectfully cordially faithfully truly ta
tks greetings love rgds brgds kr br bw xx xxx kind warmly
grüße grüßen gruß grüsse grüssen gruss gruesse gruessen gruess grüessli grüßle dank danke hochachtung
hochachtungsvoll mfg vg lg bg hg bussi servus pfiat ciao tschüss tschö ade moin
cordialement amicalement amitiés sincèrement respectueusement salutations cdlt cdt bàv bav merci bises bise bientôt
journée soirée aprem
groet groeten groetjes groetje grtjs grt mvg bedankt alvast hgr gr hoogachtend
saludo saludos gracias abrazo abrazos atentamente atte cordialmente slds
"""
_CORE = frozenset(_CORE_WORDS.split())
# These may stand beside it.
_BESIDE_WORDS = """
with my all the kindest warm warmest many friendly very wishing you your in advance much a lot lots so again and for
help time support quick reply response understanding cooperation attention consideration from to team everyone take
care have great nice good day weekend week evening sunny always ever most only
mit beste besten bester viele vielen liebe lieben schöne schönen herzliche herzlichen herzlichst freundliche
freundlichen freundlichem sonnige kollegiale kollegialen im voraus vorab und sehr für ihre deine eure die den mühe
hilfe unterstützung aus dem der nach an alle euch ihnen dir schon mal wochenende tag noch einen unterwegs von glück
auf vorzüglicher
bien très cordiales sincères meilleures avec mes d avance par et à a vous toi beaucoup pour votre ton aide retour
réponse de la le les toute l équipe bon bonne belle excellente week end fin semaine continuation tous toutes dès
maintenant plus tantôt vite distinguées mille infiniment vos
met vriendelijke vriendelijk hartelijke hartelijk beste warme zonnige veel bij voorbaat en uit voor het je jullie
uw hulp moeite tijd aan allen fijne fijn dag nog reactie snelle onderweg alles vr
un una muchos muchas atentos cordial cordiales mil antemano y por su tu vuestra ayuda tiempo respuesta todos todas
desde buen feliz día tarde atención pronta anticipadas
"""
_BESIDE = frozenset(_BESIDE_WORDS.split())
_KNOWN = _CORE | _BESIDE
_ALONE = re.compile(
    r"^\W*(?:all the best|take care|(?:speak|talk|see you|more) soon|xx*|glück ?auf|à (?:plus|tantôt|très vite)"
    r"|tot (?:snel|gauw|dan|ziens)|fijne? (?:dag|weekend|avond)|hasta (?:luego|pronto)|feliz (?:día|tarde)"
    r"|bon week-?end|bonne (?:fin de|semaine|continuation).{0,15}|bis (?:bald|dann))\W*$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+")
_COMMA_END = re.compile(r"^[^.!?;:]{4,70},\s*$")
_DIGIT = re.compile(r"\d")
_LONGEST = 60
_NAMES = 4


def is_closing(line: str) -> bool:
    """Whether the line is a closing phrase and nothing more: short, without a figure or a question."""
    text = line.strip()
    if not 1 < len(text) <= _LONGEST or "?" in text or _DIGIT.search(text):
        return False
    if _ALONE.match(text):
        return True
    words = _WORDS.findall(text)
    if not words or words[0].lower() not in _KNOWN:
        return False
    names = [word for word in words if word.lower() not in _CORE and word.lower() not in _BESIDE]
    core = any(word.lower() in _CORE for word in words)
    return core and len(names) <= _NAMES and all(name[0].isupper() for name in names)


def is_sign_off(line: str, name: str, address: str) -> bool:
    """Whether a text ends with this line: a closing phrase, a phrase with a comma at its end, or a name."""
    text = line.strip()
    return is_closing_or_name(text, name, address) or bool(_COMMA_END.match(text)) or _is_short_name(text)


def is_closing_or_name(line: str, name: str, address: str) -> bool:
    """Whether the line is a closing phrase or the sender's own name."""
    return is_closing(line) or is_name_of(line.strip(), name, address)


def _is_short_name(text: str) -> bool:
    """One to three capitalised words and nothing else ("Chantal", "J.W. Plas", "JMT")."""
    words = text.strip(" -–—,.!").split()
    return (
        0 < len(words) <= 3
        and len(text) <= 40
        and not re.search(r"[?:;0-9@!]", text)
        and all(w[:1].isupper() for w in words)
    )
