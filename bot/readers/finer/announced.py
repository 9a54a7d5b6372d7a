"""What is said below an announcement beside yes and no: later, ask somebody else, I am gone, or a question about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.finer.announced_words import ASK_ANOTHER, GONE_MYSELF, HANDLES_IT, HEDGED, LATER, NOT_MINE
from bot.readers.finer.colleagues import EMAIL, NAME, names_a_customer
from bot.readers.finer.left import says_gone
from bot.readers.finer.moods import LANGUAGES, WH, says
from bot.readers.finer.polarity import polarity_of
from bot.readers.finer.scene import IDLE, Hit, Scene, Wish, overlaps, span_of
from bot.readers.finer.sentences import Sentence, folded, pattern
from bot.vocabulary.requests import (
    MYSELF,
    AnswerFields,
    Finer,
    Intent,
    NoFields,
    PersonFields,
    Request,
    StatusFields,
    TopicFields,
    UpdateFields,
)

_DEALS = frozenset({Intent.REGISTER_DEAL, Intent.REFER_LEAD, Intent.UPDATE_DEAL, Intent.ASK_DEAL_STATUS})
_ABOUT_IT = frozenset({Intent.ASK_PROGRAM, Intent.ASK_CONTENT, Intent.ASK_TRAINING})
_OWN_WAY = frozenset(
    {Intent.ASK_COMMISSION, Intent.ASK_TIER, Intent.ASK_PAYOUT, Intent.REQUEST_HUMAN, Intent.DISPUTE_COMMISSION,
     Intent.SUBMIT_INVOICE, Intent.UNSUBSCRIBE} | _DEALS | _ABOUT_IT
)  # fmt: skip
_FEW_WORDS = 25
_GREETING = 3  # words
_SHORTEST_QUESTION = 2  # words
_PLAIN = pattern(
    r"yes|yep|yeah|sure|no|nope|ja|jawohl|nein|gern\w*|oui|non|volontiers|nee|graag|sí|si|count (?:us|me) in|dabei|"
    r"with pleasure"
)
_GIVEN = pattern(
    rf"{_PLAIN.pattern}|(?:we're|we are|i'm|i am|am|are) (?:in|coming|there|out)|(?:count|sign|put) (?:us|me)|"
    r"come|coming|join|"
    r"can't|cannot|won't|sind dabei|kommen|komme|leider|schaff\w*|venons|viens|vient|serons|serai|participe\w*|"
    r"inscri\w*|"
    r"pouvons pas|erbij|komen|kom(?= (?:met|graag))|helaas|contad|cuenten|vamos|iremos|apunt\w*|no podemos|no puedo"
)
"""An answer that stands before the promise of more."""
_OF_A_DEAL = pattern(
    r"deals?|registr\w*|d-\d+|status|affaires?|dossiers?|oportunidad\w*|operacion\w*|stand\w*|angemeldet"
)
_NO_NAME_SAID = (
    "i we you it they this that us me lumora partnerline slack please bitte thanks danke merci gracias the our my der "
    "die das wir ich sie le la nous je de het wij ik el nosotros hi hello hallo bonjour hola no yes ja oui si wrong "
    "not sorry leider desole helaas lo c'est january february march april may june july august september october "
    "november december monday tuesday wednesday thursday friday montag dienstag mittwoch donnerstag freitag"
)
_NOT_A_NAME = frozenset(_NO_NAME_SAID.split())
_AWAY = pattern(
    r"away|vacation|holiday\w*|on leave|out of (?:the )?office|urlaub|abwesend|conges?|absente?|vakantie|verlof|"
    r"afwezig|vacaciones|ausente"
)


def in_announcement(scene: Scene) -> bool:
    """Whether the message answers an announcement, and no question that was asked in its thread since."""
    thread = scene.readable.thread
    return thread.announcement_id is not None and not thread.asked


def given(scene: Scene) -> str | None:
    """The yes, no or maybe that the inner reader found."""
    said = (r.fields.answer for r in scene.reading.requests if isinstance(r.fields, AnswerFields))
    return next((answer for answer in said if answer), None)


def is_of_a_deal(scene: Scene, sentence: Sentence) -> bool:
    """Whether a sentence belongs to a deal or a lead rather than to the announcement."""
    spans = (r.span for r in scene.reading.requests if r.intent in _DEALS)
    return any(span[1] > 0 and overlaps(span, sentence) for span in spans)


def answers_of(scene: Scene) -> tuple[Request, ...]:
    """What the inner reader made of an answer, or of nothing at all."""
    return tuple(r for r in scene.reading.requests if r.intent is Intent.ANSWER_ANNOUNCEMENT or r.intent in IDLE)


def _found(scene: Scene) -> Iterator[Hit]:
    if not in_announcement(scene):
        return
    person = _wrong_person(scene) or _gone_myself(scene)
    if person is not None:
        yield person
    elif (later := _later(scene)) is not None:
        yield later
    yield from _questions(scene, alone=person is None)


def _wrong_person(scene: Scene) -> Hit | None:
    """Somebody else is to be asked: said so plainly, or named in few words that answer nothing."""
    body = [
        s
        for s in scene.sentences
        if s.start >= 0 and not s.asks and (_own_address(scene, s) or not is_of_a_deal(scene, s))
    ]
    plain = next((s for s in body if says(NOT_MINE, s.text)), None)
    named = next((s for s in body if _names_another(scene, s)), None)
    if plain is None and (named is None or _answers_anyhow(scene, body) or not _is_short(scene)):
        return None
    if plain is None and any(_AWAY.search(s.text) for s in body):
        return None
    sentence = plain or named
    if sentence is None:
        return None
    person = _another(scene, named or sentence)
    own = [r for r in scene.reading.requests if r.intent in (Intent.REQUEST_HUMAN, Intent.PROVIDE_FIELD)]
    if _own_address(scene, sentence):
        own += [r for r in scene.reading.requests if r.intent is Intent.REFER_LEAD and overlaps(r.span, sentence)]
    request = Request(
        Intent.OTHER, person, span_of(scene, sentence), finer=Finer.WRONG_PERSON, said=_words(sentence, named)
    )
    return Hit(request, (*answers_of(scene), *own))


def _own_address(scene: Scene, sentence: Sentence) -> bool:
    """Whether it names an address of the writer's own company, which is no customer's."""
    own = scene.readable.sender.lower().rpartition("@")[2]
    return bool(own) and any(m.group().lower().rstrip(".").endswith(f"@{own}") for m in EMAIL.finditer(sentence.raw))


def _words(*sentences: Sentence | None) -> str:
    said = dict.fromkeys(" ".join(s.raw.split()) for s in sentences if s)
    return " ".join(said)[:300]


def _answers_anyhow(scene: Scene, body: list[Sentence]) -> bool:
    """Whether there is an answer beside the one who is named."""
    if polarity_of(tuple(body)) is not None:
        return True
    return given(scene) is not None and sum(len(s.text.split()) > _GREETING for s in body) > 1


def _is_short(scene: Scene) -> bool:
    return sum(len(s.text.split()) for s in scene.sentences) <= _FEW_WORDS


def _names_another(scene: Scene, sentence: Sentence) -> bool:
    asked = any(ASK_ANOTHER[language].search(sentence.text) for language in LANGUAGES)
    if not (asked or HANDLES_IT.search(sentence.text)):
        return False
    return _another(scene, sentence) != PersonFields()


def _another(scene: Scene, sentence: Sentence) -> PersonFields:
    """Whom a sentence names instead of its writer; nobody where it names a customer."""
    email = EMAIL.search(sentence.raw)
    address = email.group().lower().rstrip(".") if email else None
    if address == scene.readable.sender.lower():
        address = None
    if _TO_ME.search(sentence.text) and address is None:
        return PersonFields()
    behind = max((m.end() for one in LANGUAGES for m in ASK_ANOTHER[one].finditer(sentence.text)), default=0)
    name = _name(sentence, behind) or _name(sentence, 0)
    if name and names_a_customer(scene, sentence, name):
        name = ""
    return PersonFields(name or None, address)


_TO_ME = re.compile(
    r"\b(?:send|write|tell|give|contact|call|schreib\w*|schick\w*|send\w*|ruf\w*|kontaktier\w*|ecri\w*|envoy\w*|"
    r"contact\w*|"
    r"stuur|schrijf|mail|bel|escrib\w*|envi\w*|llam\w*)[ -](?:sie )?(?:me|us|mir|uns|mich|moi|nous|mij|ons|nos)\b|"
    r"\b(?:m'|nous )(?:ecrire|envoyer|contacter|appeler)|(?:escrib|envi|llam|contact)\w*(?:me|nos)\b"
)
"""Something is to be done for the writer himself, and by nobody else of his company."""


def _name(sentence: Sentence, start: int) -> str:
    plain = EMAIL.sub(lambda m: " " * len(m.group()), sentence.raw)
    for match in NAME.finditer(plain, start):
        words = [w for w in match.group().split() if folded(w).strip("'’") not in _NOT_A_NAME]
        opens = bool(words) and sentence.raw.lstrip().startswith(words[0])
        # A capital letter at the beginning makes no name, unless this one is said to see to it.
        if words and words[0][:1].isupper() and (not opens or HANDLES_IT.match(sentence.text, match.end() + 1)):
            return " ".join(words)
    return ""


def _gone_myself(scene: Scene) -> Hit | None:
    for sentence in scene.sentences:
        if sentence.start >= 0 and not sentence.asks and GONE_MYSELF.search(sentence.text):
            person = _another(scene, sentence) if EMAIL.search(sentence.raw) else PersonFields()
            request = Request(
                Intent.OTHER, NoFields() if person == PersonFields() else person, span_of(scene, sentence),
                finer=Finer.PERSON_LEFT, said=_words(sentence), source=MYSELF,
            )  # fmt: skip
            beside = (r for r in scene.reading.requests if _is_made_of_leaving(r) and overlaps(r.span, sentence))
            return Hit(request, (*answers_of(scene), *beside))
    return None


def _is_made_of_leaving(request: Request) -> bool:
    """What the name of the own company and "stop" are taken for where somebody leaves it."""
    if request.intent is Intent.UPDATE_DEAL:
        return request.fields == UpdateFields(customer=getattr(request.fields, "customer", None))
    return request.intent is Intent.UNSUBSCRIBE


def tells_of_leaving(sentence: Sentence) -> bool:
    """Whether an automatic reply says that somebody works there no longer."""
    return bool(GONE_MYSELF.search(sentence.text)) or says_gone(sentence.text)


def other_address(sentences: tuple[Sentence, ...], sender: str) -> str:
    """The address that a notice names beside its own, "" for none."""
    named = (m.group().lower().rstrip(".") for s in sentences for m in EMAIL.finditer(s.raw))
    return next((address for address in named if address != sender.lower()), "")


def _later(scene: Scene) -> Hit | None:
    """That an answer is to come: not beside one that is given, even if it is a maybe."""
    body = [s for s in scene.sentences if s.start >= 0]
    if any(HEDGED.search(s.text) for s in body):
        return None
    for sentence in body:
        begins = [m.start() for words in LATER.values() for m in words.finditer(sentence.text)]
        if sentence.asks or is_of_a_deal(scene, sentence) or not begins or _GIVEN.search(sentence.text[: min(begins)]):
            continue
        # A reader that knows no "later" takes the promise alone for a yes or a no.
        if given(scene) in ("yes", "no") and any(_answers_too(s, sentence) for s in body):
            continue
        gone = [r for r in scene.reading.requests if _is_taken_for(r, sentence, scene)]
        request = Request(
            Intent.ANSWER_ANNOUNCEMENT, AnswerFields("maybe"), span_of(scene, sentence), finer=Finer.LATER,
            said=_words(sentence),
        )  # fmt: skip
        return Hit(request, tuple(gone))
    return None


def _answers_too(other: Sentence, sentence: Sentence) -> bool:
    plain = bool(_PLAIN.fullmatch(other.text.strip(" .!,")))
    return plain or (other is not sentence and len(other.text.split()) > _GREETING)


def _is_taken_for(request: Request, sentence: Sentence, scene: Scene) -> bool:
    """Whether the inner reader made this of the promise of an answer, and of no question beside it."""
    if request.intent is Intent.ANSWER_ANNOUNCEMENT or request.intent in IDLE or request.intent is Intent.PROVIDE_FIELD:
        return True
    asks = any(s.asks for s in scene.sentences)
    return request.intent in _ABOUT_IT and not asks and overlaps(request.span, sentence)


def _questions(scene: Scene, *, alone: bool) -> Iterator[Hit]:
    """What is asked, where the inner reader took it for a question about the program or for none at all."""
    asking = [s for s in scene.sentences if s.asks and s.start >= 0 and len(s.text.split()) >= _SHORTEST_QUESTION]
    known = [r for r in scene.reading.requests if r.intent in _ABOUT_IT]
    guessed = _guessed(scene)
    misread = [r for r in scene.reading.requests if _is_no_deal(r, asking) or _is_of_speakers(r, asking)]
    for request in known:
        own = [s for s in asking if overlaps(request.span, s)] or asking
        said = " ".join(" ".join(s.raw.split()) for s in own)[:300] or getattr(request.fields, "topic", None) or ""
        doubled = (r for r in scene.reading.requests if r.fields == StatusFields() and r.span == request.span)
        yield Hit(_asked(request, said), (request, *doubled, *guessed))
    own_way = next((r for r in scene.reading.requests if r.intent in _OWN_WAY and r not in misread), None)
    if own_way is not None and not known and guessed:
        yield Hit(own_way, (own_way, *guessed))
    if known or own_way is not None:
        return
    asking = [s for s in asking if _asks_to_know(s)]
    for sentence in asking[:1] if alone else ():
        topic = " ".join(" ".join(s.raw.split()) for s in asking)[:300]
        made = Request(Intent.ASK_PROGRAM, TopicFields(topic), span_of(scene, sentence))
        idle = (r for r in scene.reading.requests if r.intent in IDLE or r in misread)
        yield Hit(_asked(made, topic), (*idle, *guessed))


def _guessed(scene: Scene) -> tuple[Request, ...]:
    """Answers that were read in nothing but questions: who only asks has answered nothing."""
    said = [s for s in scene.sentences if s.start >= 0 and not s.asks]
    if any(len(s.text.split()) > _GREETING or polarity_of((s,)) is not None for s in said):
        return ()
    return tuple(r for r in scene.reading.requests if r.intent is Intent.ANSWER_ANNOUNCEMENT and r.ask)


def _asks_to_know(sentence: Sentence) -> bool:
    """Whether it is about something to know, and not for something to do or only tentative."""
    if says(LATER, sentence.text) or HEDGED.match(sentence.text.lstrip(" ¿¡")):
        return False
    opened = any(words.search(sentence.text) for words in (_OPENED, _TELL_ME, _SPEAKERS))
    places = (m.start() for words in WH.values() for m in words.finditer(sentence.text))
    return bool(opened) or any(sentence.opens(p) or len(sentence.text[:p].split()) <= _GREETING for p in places)


_TELL_ME = pattern(
    r"(?:can|could|would) (?:you|u) (?:please )?(?:tell|let) (?:me|us) (?:know )?(?:if|whether|what|when|where|who|"
    r"how)|"
    r"(?:können|könnten|kannst|könntest) (?:sie|du) (?:\S+ )?(?:mir|uns) (?:\S+ )?(?:sagen|mitteilen),? (?:ob|wann|"
    r"wo|wie|was|wer)|"
    r"(?:pouvez|pourriez)-vous (?:me|nous|m'|nous )?\s?(?:dire|indiquer|preciser) (?:si|s'il|s'ils|ou|quand|comment|"
    r"qui)|"
    r"(?:kun\w*|kan|zou\w*) (?:u|je|jullie) (?:mij|me|ons) (?:\S+ )?(?:zeggen|vertellen|laten weten) (?:of|waar|"
    r"wanneer|hoe|wie)|"
    r"(?:me|nos) (?:podria\w*|puede\w*|podeis|puedes) (?:decir|indicar|confirmar) (?:si|donde|cuando|como|quien\w*|"
    r"que)|"
    r"(?:podria\w*|puede\w*) (?:decir|indicar|confirmar)(?:me|nos) (?:si|donde|cuando|como|quien\w*|que)"
)


_OPENED = re.compile(
    r"(?:^|[,;:.!¿¡(-]|\b(?:and|und|et|en|y|but|aber|mais|maar|pero|also)\b)\s*(?:is|are|will|does|do|must|may|can "
    r"(?:we|i|my|our|"
    r"one)|gibt|ist|sind|wird|werden|kann (?:ich|man)|können wir|darf|muss|müssen wir|y a-t-il|est-ce|est-il|faut-il|"
    r"peut-on|"
    r"puis-je (?:venir|amener|emmener|inscrire)|sera|seront|is er|zijn er|is|wordt|worden|kan (?:ik|je|men)|"
    r"kunnen we|mag|moet|mogen|hay|"
    r"habra|es |"
    r"esta |estara|se (?:puede|necesita|paga)|puedo (?:ir|llevar|traer)|podemos|tengo que|tenemos que|cuesta)\b"
)


def _is_no_deal(request: Request, asking: list[Sentence]) -> bool:
    """Whether a question was taken for one about a deal although it names none."""
    named = request.intent is not Intent.ASK_DEAL_STATUS or request.fields != StatusFields()
    return not named and bool(asking) and not any(_OF_A_DEAL.search(s.text) for s in asking)


def _is_of_speakers(request: Request, asking: list[Sentence]) -> bool:
    """Whether "who speaks that day" was taken for a wish to speak to somebody."""
    return request.intent is Intent.REQUEST_HUMAN and any(
        _SPEAKERS.search(s.text) and overlaps(request.span, s) for s in asking
    )


_SPEAKERS = pattern(
    r"(?:who|which (?:people|experts)) (?:is |are |will (?:be )?)?(?:speak\w*|talks?|talking|present\w*)|"
    r"wer (?:\S+ ){0,3}?(?:spricht|sprechen|redet|referiert|vortr\w+)|"
    r"(?<!a )(?<!avec )qui (?:\S+ ){0,2}?(?:intervien\w*|parle\w*|prend\w* la parole)|"
    r"(?<!met )wie (?:\S+ )?(?:spreekt|spreken|presente\w+)|wie (?:zijn|is) de spreker\w*|"
    r"(?<!con )quien\w* (?:\S+ ){0,2}?(?:habla\w*|ponen\w*|intervien\w*|presenta\w*)"
)
"""Who speaks, and not whom one may speak to."""


def _asked(request: Request, said: str) -> Request:
    return Request(
        request.intent, request.fields, request.span, request.confidence, request.ask,
        finer=Finer.ABOUT_ANNOUNCEMENT, said=said,
    )  # fmt: skip


ANNOUNCED = Wish(_found)
