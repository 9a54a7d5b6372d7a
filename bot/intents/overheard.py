"""Overheard: whether what somebody says in a channel, to nobody by name, is the agent's business; pure.

Two companies talk to each other there. What is theirs gets no answer, so a wish counts only where it is plain, and
where it is asked for: who tells a colleague what he is going to do asks nothing of the agent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from types import MappingProxyType

from bot.vocabulary.requests import (
    DealFields,
    DisputeFields,
    Intent,
    Reading,
    Request,
    UpdateFields,
)
from crm.records import Stage

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
    r"[?¿]|(?<!\w)(?:how|what|when|where|whether|which|why|who|can (?:we|i|you|someone|anyone)|could (?:we|i|you)|"
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
    r"course|class|train|certif|\bcert\b|zert|expert|associate|professional|badge|resit|webinar|academy|enrol|kurs|schulung|zertifi|akademie|weiterbild|cours|formation|"
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
_BEYOND_DOUBT = 0.93
_OF_OWN_DEALS = 0.5
_NEVER = 2.0


def concerns_agent(
    reading: Reading,
    text: str,
    *,
    names: Collection[str] = (),
    attached: Collection[object] = (),
    asked: Collection[str] = (),
) -> bool:
    """Whether one wish at least is the agent's business beyond doubt.

    `names` are those of the vendor and its products, `attached` the files that came with the message, `asked` what the
    agent waits for in the thread.
    """
    if not reading.answer_expected:
        return False
    said = _Said(text, names, attached=bool(attached), asked=bool(asked))
    return any(_plain(request, said) for request in reading.requests)


class _Said:
    """What the words of a message give away beside its wishes."""

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


def _plain(request: Request, said: _Said) -> bool:
    rule = _RULES.get(request.intent)
    return rule is not None and rule(request, said) and not said.own_doing(request)


def _question(request: Request, said: _Said) -> bool:
    """About the partner's own: it need not be worded as a question where it can hardly be anything else."""
    return request.confidence >= (_LEAST[request.intent] if said.asks else _BEYOND_DOUBT)


def _of_deals(request: Request, said: _Said) -> bool:
    """Who asks for all deals of his own names none of them, so that the reader is less sure."""
    if said.of_own_deals and said.talks_over:
        return False
    return _question(request, said) or (said.asks and said.of_own_deals and request.confidence >= _OF_OWN_DEALS)


def _of_rates(request: Request, said: _Said) -> bool:
    return _question(request, said) or said.of_wrong_rate


def _of_program(request: Request, said: _Said) -> bool:
    return said.asks and said.of_program and request.confidence >= 0.7


def _of_courses(request: Request, said: _Said) -> bool:
    return said.asks and said.of_course and request.confidence >= 0.5


def _for_a_person(request: Request, said: _Said) -> bool:
    """People read the channel anyway: only who says in so many words that he wants one is passed on."""
    return said.of_person and request.confidence >= 0.93


def _details(request: Request, said: _Said) -> bool:
    """What the agent asked for is given; a bare yes or no may be for the person who spoke last."""
    given = any(getattr(request.fields, field.name) not in (None, ()) for field in fields(request.fields))
    return said.asked and given and request.confidence >= 0.7


def _leads(request: Request, _said: _Said) -> bool:
    return request.confidence >= 0.65


def _stops(request: Request, _said: _Said) -> bool:
    return request.confidence >= 0.9


def _registers(request: Request, said: _Said) -> bool:
    """A deal to be registered is named, or is asked for in so many words."""
    named = isinstance(request.fields, DealFields) and request.fields.customer is not None
    return request.confidence >= (0.3 if said.pleads else 0.4 if named else _NEVER)


def _updates(request: Request, said: _Said) -> bool:
    """A deal is named, by its number or its customer; or it is won, lost, or to be changed, whichever it is."""
    told = request.fields
    if not isinstance(told, UpdateFields):
        return False
    if told.deal_ref is not None:
        return request.confidence >= 0.3
    if said.of_occasion(request):
        return False
    if not (told.stage or told.close_date or told.amount or request.finer):
        return False
    turned = told.stage in (Stage.WON, Stage.LOST, Stage.ON_HOLD)
    plain = turned or (said.pleads and (told.close_date or told.amount))
    named = 0.5 if turned else 0.6
    return request.confidence >= (named if told.customer else 0.75 if plain else _NEVER)


def _content(request: Request, said: _Said) -> bool:
    return said.asks and not said.of_handout and request.confidence >= 0.85


def _disputes(request: Request, said: _Said) -> bool:
    about = request.fields
    named = isinstance(about, DisputeFields) and (about.customer or about.statement_ref)
    return said.of_wrong_rate or request.confidence >= (0.6 if named or said.of_statement else 0.8)


def _invoices(request: Request, said: _Said) -> bool:
    return request.confidence >= (0.5 if said.attached else 0.9)


_LEAST = MappingProxyType(
    {
        Intent.ASK_DEAL_STATUS: 0.7,
        Intent.ASK_TIER: 0.65,
        Intent.ASK_COMMISSION: 0.65,
        Intent.ASK_PAYOUT: 0.75,
    }
)
"""Measured on talk of both kinds in five languages (tests/labelled/channel_talk)."""

_RULES: Mapping[Intent, Callable[[Request, _Said], bool]] = MappingProxyType(
    {
        Intent.REGISTER_DEAL: _registers,
        Intent.REFER_LEAD: _leads,
        Intent.UPDATE_DEAL: _updates,
        Intent.ASK_DEAL_STATUS: _of_deals,
        Intent.ASK_TIER: _question,
        Intent.ASK_COMMISSION: _of_rates,
        Intent.ASK_PAYOUT: _question,
        Intent.ASK_PROGRAM: _of_program,
        Intent.ASK_CONTENT: _content,
        Intent.ASK_TRAINING: _of_courses,
        Intent.PROVIDE_FIELD: _details,
        Intent.SUBMIT_INVOICE: _invoices,
        Intent.DISPUTE_COMMISSION: _disputes,
        Intent.REQUEST_HUMAN: _for_a_person,
        Intent.UNSUBSCRIBE: _stops,
    }
)
