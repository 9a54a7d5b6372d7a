"""Spoken: what the words of a message in a channel give away beside its wishes, in five languages; pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.vocabulary.requests import Request

_PLEA = re.compile(
    r"(?<!\w)(?:please|pls|plz|kindly|we(?:'d| would) like|i(?:'d| would) like|(?:can|could|would) you|"
    r"want(?:s|ed)? to (?:register|protect)|need to register|bitte|könn(?:t|ten|test) (?:ihr|sie|du)|"
    r"(?:möchte|wollen|würde)[nt]?|"
    r"s['’]il (?:te|vous) pla[iî]t|svp|stp|merci de|(?:pouvez|pourriez)[- ]vous|(?:peux|pourrais)[- ]tu|"
    r"(?:nous |on |je )(?:voudri?ons|voudrai[st]|souhait\w+|aimeri?ons|aimerai[st])|"
    r"graag|a\.?u\.?b\.?|alsjeblieft|alstublieft|(?:kunnen|kun|kan|willen) (?:jullie|je|u)|"
    r"por favor|porfa|(?:queremos|quer[ií]a(?:mos)?|quisi[ée]ra(?:mos)?)|pod[ée]is|puedes|podr[íi]a[ins]*)(?!\w)",
    re.I,
)
_ASKING = re.compile(
    r"[?¿]|(?<!\w)(?:question|frage|vraag|pregunta|"
    r"how|what|when|where|whether|which|why|who|can (?:we|i|you|someone|anyone)|could (?:we|i|you)|"
    r"is there|are there|any(?:one|body)? (?:know|got|have)|do(?:es)? (?:we|you|it|the)|need|looking for|wonder\w*|"
    r"send (?:me|us)|give (?:me|us)|show (?:me|us)|tell (?:me|us)|"
    r"wie|was|wann|wo|welche\w*|warum|gibt(?:'s| es)|brauche?n?|bräuchte\w*|suche?n?|schick(?:t|en sie)? (?:mir|uns)|"
    r"zeig\w* (?:mir|uns)|hätte\w*|comment|quand|quel\w*|pourquoi|combien|où|est[- ]ce|y a[- ]t[- ]il|besoin d\w*|"
    r"cherch\w+|envoy\w+[- ](?:moi|nous)|auri[ez]+|"
    r"hoe|wat|wanneer|waar|welke?|waarom|is er|nodig|zoek\w*|stuur(?:t)? (?:mij|me|ons)|"
    r"c[óo]mo|qu[ée]|cu[áa]ndo|d[óo]nde|cu[áa]l\w*|cu[áa]nt\w*|hay|necesit\w+|busc\w+|envi\w+(?:me|nos)|"
    r"m[áa]nda(?:d)?(?:me|nos)|ten[ée]is|tienen)(?!\w)",
    re.I,
)
# What somebody is going to do himself, or is still waiting for.
_OWN_DOING = re.compile(
    r"(?<!\w)(?:(?:i|we)(?:['’]ll| will| shall|['’]m going to|['’]re going to| am going to| are going to| plan to)|"
    r"will (?:send|share|register|submit|invoice|let you)|once|as soon as|later (?:today|this)|let you know|"
    r"sobald|(?:ich|wir) (?:schicken?|melden?|registrieren?|tragen?|geben?|werden?|sagen?|klären?)|"
    r"(?:schicken?|melden?|geben?|klären?) (?:ich|wir)|"
    r"d[èe]s que|une fois que|(?:je|on|nous) (?:vous |te |le |la |les )?(?:\w+er(?:ai|a|ons)|envoie|d[ée]clare|"
    r"enregistre|vais|va|allons)|enverr\w+|"
    r"zodra|(?:ik|wij|we) (?:stuur|sturen|registreer|registreren|meld|melden|ga|gaan|zal|zullen|laat|laten)|"
    r"cuando \w+ \w+|en cuanto|(?:lo |la |os |les )?\w+(?:ar|er|ir)(?:é|emos)|(?:os|les) (?:mando|env[íi]o|paso)|"
    r"vamos a|voy a)(?!\w)",
    re.I,
)
# The partner's own deals, in a word that only they have in common with the vendor, and whose they are.
_OWN_DEALS = re.compile(
    r"(?<!\w)(?:deals|deal registrations|registrations|opportunities|pipeline|registrierungen|affaires|enregistrements|"
    r"registraties|oportunidades|registros)(?!\w)",
    re.I,
)
_OURS = re.compile(
    r"(?<!\w)(?:we|our|ours|us|wir|unsere[rn]?|uns|nous|nos|avons|on|onze|ons|wij|tenemos|nuestr[oa]s|nos)(?!\w)", re.I
)
# To talk about something is for people.
_TALK_OVER = re.compile(
    r"(?<!\w)(?:discuss|(?:go|going|walk|run|talk) (?:\w+ )?(?:through|over|about)|catch up|durchgehen|durchsprechen|"
    r"besprechen|sprechen|gehen \w+ [\w ]*durch|discuter|parler|reparler|faire le point|passer en revue|bespreken|"
    r"doornemen|praten|hablar|comentar(?:la|lo)?s?|repasa\w*|revisa\w*)(?!\w)",
    re.I,
)
_STATEMENT = re.compile(
    r"statement|abrechnung|gutschrift|relev[ée]|afrekening|overzicht|liquidaci[óo]n|extracto|S-\d{4}-\d\d", re.I
)
# Where people meet, and what is left of it: none of the agent's, whatever the deal.
_OCCASION = re.compile(
    r"(?<!\w)(?:workshop|pilot\w*|piloto|poc|kick[- ]?off|kicks off|meeting|call|lunch|dinner|visit|nda|"
    r"besprechung|treffen|termin|pilotprojekt|mittagessen|atelier|r[ée]union|appel|d[ée]jeuner|pilote|"
    r"vergadering|afspraak|taller|reuni[óo]n|llamada|comida|demo|d[ée]mo)s?(?!\w)",
    re.I,
)
_HANDOUT = re.compile(
    r"(?<!\w)(?:slides?|minutes|notes|folien|protokoll|diapos?|diapositives?|compte[- ]rendu|notulen|acta|"
    r"diapositivas|apuntes)(?!\w)",
    re.I,
)
# What rules, products and courses are asked about with.
_PROGRAM = re.compile(
    r"regist|protec|schütz|schutz|bescherm|geschützt|enregistr|tier|stufe|niveau|nivel|partner|program|reseller|"
    r"referral|rev?vend|wiederverk|logo|marke|brand|marque|lizen[sz]|licen[sc]|host(?:ed|ing|et|ez)|gdpr|dsgvo|rgpd|avg|api|"
    r"schnittstelle|integration|konnektor|conector|connector|on[- ]?prem|cloud|mdf|co-?marketing|fund|fonds|budget|"
    r"price|preis|prix|tarif|prijs|precio|discount|rabatt|remise|korting|descuento|deal|affaire|oportunidad|"
    r"pipeline|trial|test(?:version|zugang)|sprache|language|langue|taal|idioma|taken|vergeben|prise",
    re.I,
)
_COURSE = re.compile(
    r"course|class|train|certif|\bcert\b|zert|expert|associate|professional|badge|resit|webinar|academy|enrol|"
    r"kurs|schulung|zertifi|akademie|weiterbild|cours|formation|"
    r"acad[ée]mi|inscri|cursus|opleiding|certific|curso|formaci[óo]n|m[óo]dulo|module|exam|prüfung",
    re.I,
)
_PERSON = re.compile(
    r"(?<!\w)(?:human|(?<!in )person|people|somebody|someone|anyone|pulse|bot|robot|manager|call me|ring me|mensch\w*|"
    r"jemand\w*|wer|ansprechpartner\w*|ruf\w*|anruf\w*|humain|quelqu'un|qqn|interlocuteur|rappel\w*|"
    r"mens|iemand|bel(?:len|t)?|humano|persona|alguien|llam\w*)(?!\w)",
    re.I,
)
_RATE = re.compile(r"\d\s?%")
_RIGHT_RATE = re.compile(
    r"(?<!\w)(?:plan|should|supposed|contract|laut|müss?ten?|vertrag|selon|pr[ée]voit|devrait|contrat|volgens|moet|"
    r"zou|seg[úu]n|deber[íi]a|dice|pone)(?!\w)",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]?")


class Spoken:
    """`names` are those of the vendor and its products; `asked`: the agent waits for something in the thread."""

    def __init__(self, text: str, names: Collection[str], *, attached: bool, asked: bool) -> None:
        self._text = text
        self.attached = attached
        self.asked = asked
        self.pleads = bool(_PLEA.search(text))
        self.asks = self.pleads or bool(_ASKING.search(text))
        words = {word.casefold() for word in re.findall(r"\w+", text)}
        self.of_program = bool(_PROGRAM.search(text)) or any(name.casefold() in words for name in names)
        self.of_course = bool(_COURSE.search(text))
        self.of_person = bool(_PERSON.search(text))
        self.of_wrong_rate = bool(_RATE.search(text) and _RIGHT_RATE.search(text))
        self.of_handout = bool(_HANDOUT.search(text))
        self.of_statement = bool(_STATEMENT.search(text))
        self.of_own_deals = bool(_OWN_DEALS.search(text) and _OURS.search(text))
        self.talks_over = bool(_TALK_OVER.search(text))

    def of_occasion(self, request: Request) -> bool:
        """Whether that sentence is about a meeting, and asks for nothing of a deal."""
        said = self._sentence(request)
        return bool(_OCCASION.search(said)) and not _PLEA.search(said)

    def own_doing(self, request: Request) -> bool:
        """Whether the sentence that the wish stands in tells what somebody is going to do himself."""
        said = self._sentence(request)
        return "?" not in said and not _PLEA.search(said) and bool(_OWN_DOING.search(said))

    def _sentence(self, request: Request) -> str:
        start = min(max(request.span[0], 0), len(self._text))
        begin = max((self._text.rfind(mark, 0, start) for mark in ".!?\n"), default=-1) + 1
        sentence = _SENTENCE.match(self._text, begin)
        return sentence.group() if sentence and sentence.group().strip() else self._text
