"""Yes or no to the question that is open in the thread, and what becomes of an offered lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.finer.moods import LANGUAGES, SUPPOSED, patterns
from bot.readers.finer.polarity import NO_TROUBLE, Polarity, polarity_of
from bot.readers.finer.scene import IDLE, LEAD_NUMBER, QUESTIONS, Hit, Scene, Wish, span_of
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.message import Question
from bot.vocabulary.requests import AnswerFields, DealFields, Finer, Intent, NoFields, Request

_SURE, _FEWEST_WORDS = 0.8, 4
_MISTAKEN = QUESTIONS | {Intent.ANSWER_ANNOUNCEMENT, Intent.PROVIDE_FIELD, Intent.UNSUBSCRIBE}

_TAKEN = patterns({
    "en": (
        r"(?:(?:we|i)(?:'ll| will| can| would|'d| are|'re)?|(?:happy|glad|love|like|going|delighted|keen|ready|"
        r"want) to|happily|gladly) "
        r"(?:\w+ )?(?:take|taking|accept(?:ing)?|pick|handle|pursue|go for|run with|work|follow|look after|have|want|"
        r"claim|"
        r"get on|call)|count us in|put us down|sign us up|assign (?:it|them|this) to us|we're in|i'm in|we accept|"
        r"accepted|"
        r"ours|we're on it|good fit|right up our street|interested|send (?:it|them) over|give (?:it|them) to us|"
        r"(?:call|contact|ring|reach out to|phone|get in touch with) (?:them|him|her)"
    ),
    "de": (
        r"nehm\w*|übernehm\w*|annehm\w*|kümmer\w*|machen wir|passt (?:gut |perfekt |super )?zu uns|passt (?:uns|gut)|"
        r"wollen wir|ist was "
        r"für uns|interess\w*|akzeptier\w*|gern(?:e)?|her damit|greif\w* zu|schnapp\w*|sind dabei|bin dabei|"
        r"hätten wir gern|melden uns (?:\S+ ){0,4}(?:bei|beim)|rufen .{0,20}an"
    ),
    "fr": (
        r"prenons|prends|on (?:le |la |l')?prend|accept\w+|occup\w+|interess\w+|volontiers|avec plaisir|pour nous|"
        r"nous (?:le |la )?(?:voulons|gardons|suivons|traitons|contactons)|chargeons|partants?|(?:va|allons|"
        r"vais) (?:l'|le |la |les )?(?:appeler|contacter)|(?:appel|contact)ons|comptez sur nous|ok pour"
    ),
    "nl": (
        r"nemen|neem|pak(?:ken)?|doen we|aanne\w+|oppak\w+|opvolgen|op ons|accepteren|accepteer|graag|voor ons|"
        r"interes\w+|bellen|contacteren|op onze naam|gaan ermee aan de slag|aan de slag"
    ),
    "es": (
        r"(?:nos|me) l[oa]s? (?:quedamos|quedo|llevamos)|acept\w+|asumim\w+|encarg\w+|ocup\w+|tomamos|cogemos|"
        r"interes\w+|"
        r"con (?:mucho )?gusto|para nosotros|encantad\w+|contactaremos|nos apuntamos|atende\w+|llama(?:mos|remos)|"
        r"contad con|cuenten con"
    ),
})  # fmt: skip

_PASSED = patterns({
    "en": (
        r"pass(?:ing)?(?! (?:it|this|them|the lead|that|him|her) (?:on|along|to))|declin\w+|skip(?:ping)?|not for us|"
        r"no capacity|(?:too|fully|very) (?:busy|booked|stretched)|(?:give|offer|hand|pass|assign) (?:it|this|them|"
        r"him|her|the lead)"
        r"(?: \w+)? (?:to|over to) (?:some\w+|any\w+|another|others?|a different)|someone else|somebody else|"
        r"another partner|"
        r"turn(?:ing)? (?:\w+ )?down|not interested|flat out|fully booked|swamped|snowed under|reassign\w*|"
        r"not our (?:\w+ )?(?:kind|area|region|business|customer|market|thing)|sit this one out|no thanks?|refus\w+|"
        r"not (?:a|the right) (?:good )?(?:fit|match)|"
        r"too (?:small|big|far)|doesn't (?:fit|suit)|out of our (?:area|region)|(?:can't|cannot|can not|won't|"
        r"don't want to|not going to|"
        r"unable to|not able to) (?:\w+ )?(?:take|accept|handle|work|pick|pursue)"
    ),
    "de": (
        r"verzicht\w*|lehn\w* (?:\S+ ){0,4}ab|ablehn\w*|lassen (?:\S+ ){0,4}(?:aus|sausen|liegen)|passen(?! (?:gut|"
        r"perfekt))(?= |$)|"
        r"(?:nicht|nix|nichts|kein\w*) (?:\S+ ){0,4}(?:für uns|zu uns|übernehmen|annehmen|nehmen|kapazität\w*|"
        r"interesse)|"
        r"keine kapazität\w*|kein interesse|(?:jemand|einen|einem) ander\w*|anderen partner|zu (?:klein|groß|weit)|"
        r"absag\w*|"
        r"keine (?:zeit|leute|luft)|ausgebucht|ausgelastet|wen anders|müssen (?:\S+ )?passen|nein danke"
    ),
    "fr": (
        r"passons|passe mon tour|passer notre tour|(?:notre|mon) tour|declin\w+|refus\w+|pas pour nous|"
        r"(?:n'|ne )(?:\S+ ){0,4}pas (?:\S+ ){0,3}(?:prendre|accepter|occuper|interess\w+)|pas interess\w+|"
        r"(?:a|aux?) (?:un |d')?autres?|quelqu'un d'autre|renonc\w+|pas la (?:capacite|disponibilite)|trop (?:petit|"
        r"loin|grand|charges?)|complets?|debordes?|pas notre (?:metier|domaine|secteur|clientele|region)|"
        r"non merci"
    ),
    "nl": (
        r"sla\w* (?:\S+ ){0,4}over|overslaan|voorbijgaan|bedank(?:en)? (?:we )?voor|niets voor ons|niet voor ons|"
        r"wij[sz]\w* (?:\S+ ){0,4}af|"
        r"afwijzen|(?:aan |voor )?een ander\w*|iemand anders|geen (?:capaciteit|interesse|tijd|ruimte)|"
        r"niet (?:\S+ ){0,3}(?:aannemen|nemen|oppakken|doen)|passen|te (?:klein|ver|groot|druk)|nee bedankt|"
        r"niet geinteresseerd|zitten vol|volgeboekt|past niet"
    ),
    "es": (
        r"renunci\w+|rechaz\w+|declin\w+|paso|pasamos(?! a)|no es para nosotros|no (?:lo |la |nos )?(?:podemos|puedo|"
        r"aceptamos|asumimos|interesa|"
        r"queremos|cogemos|quedamos)|a otr\w+|otro (?:socio|partner)|sin capacidad|no tenemos (?:capacidad|gente|"
        r"tiempo)|"
        r"(?:muy|demasiado) (?:pequen\w|lejos|grande)|no,? gracias|estamos (?:completos|llenos|desbordados)|lejos para"
    ),
})  # fmt: skip
_REFUSED_ANYHOW = re.compile(r"\b(?:not|n't|\w+n't|nicht|kein\w*|pas|niet|geen|no|nein|nee|non|never|nie)\b")


def _find(scene: Scene) -> Iterator[Hit]:
    if scene.question is not None and _only_asks(scene):
        yield from _no_answer(scene)
    elif _is_offered(scene) or any(LEAD_NUMBER.search(s.raw) for s in scene.sentences):
        yield from _of_leads(scene)
    elif scene.question is not None:
        yield from _of_question(scene)


def _only_asks(scene: Scene) -> bool:
    """Whether every sentence is a question and none says yes or no: who asks something back has answered nothing."""
    asks = bool(scene.sentences) and all(s.asks for s in scene.sentences)
    return asks and polarity_of(scene.sentences) is None


def _no_answer(scene: Scene) -> Iterator[Hit]:
    """What the inner reader took for an answer is gone; where nothing else was read, a person reads it."""
    gone = tuple(r for r in scene.reading.requests if r.intent is Intent.ANSWER_ANNOUNCEMENT)
    if not gone:
        return
    kept = next((r for r in scene.reading.requests if r not in gone and r.intent not in IDLE), None)
    if kept is not None:
        yield Hit(kept, (*gone, kept))
        return
    first = scene.sentences[0]
    said = " ".join(first.raw.split())[:300]
    yield Hit(Request(Intent.OTHER, NoFields(), span_of(scene, first), said=said), gone)


def _is_offered(scene: Scene) -> bool:
    """Whether the thread offers a lead; where it holds a proposal, it asks about one that the sender brought."""
    return scene.question is Question.LEAD and not scene.readable.thread.proposal


def _of_question(scene: Scene) -> Iterator[Hit]:
    said, sure = _answer(scene)
    if said is None:
        return
    first = scene.sentences[0]
    answered = AnswerFields(said.value)
    finer = {Polarity.YES: Finer.CONFIRM, Polarity.NO: Finer.DENY}.get(said)
    gone = _answered(scene)
    if finer is None:
        # Neither: what the inner reader took for a yes or no is open, so that nothing is done.
        gone = tuple(r for r in gone if r.intent is Intent.ANSWER_ANNOUNCEMENT)
        if not gone:
            return
    yield Hit(_request(scene, first, answered, finer, sure=sure), gone)


def _answer(scene: Scene) -> tuple[Polarity | None, bool]:
    """The plain words' answer; else the inner reader's, where nothing speaks against it. And whether it is sure."""
    said = polarity_of(scene.sentences)
    if said is not None:
        return said, True
    inner = next((r for r in scene.reading.requests if isinstance(r.fields, AnswerFields)), None)
    answer = inner.fields.answer if inner and isinstance(inner.fields, AnswerFields) else None
    if inner is None or answer not in ("yes", "no") or scene.sentences[0].asks:
        return None, False
    if inner.ask or inner.confidence < _SURE or len(scene.sentences[0].text.split()) < _FEWEST_WORDS:
        return None, False
    return Polarity(answer), False


def _answered(scene: Scene) -> tuple[Request, ...]:
    """What the inner reader made of the answer itself: its kind of answer, idle words, questions that nobody asked."""
    asked = any(s.asks for s in scene.sentences)
    return tuple(
        r
        for r in scene.reading.requests
        if r.intent in IDLE
        or r.intent is Intent.ANSWER_ANNOUNCEMENT
        or (r.intent in _MISTAKEN and not asked and len(scene.sentences) == 1 and not _tells(r, scene))
    )


def _tells(request: Request, scene: Scene) -> bool:
    """Whether it has details of the deal of which it was asked whether to register it."""
    details = isinstance(request.fields, DealFields) and request.fields != DealFields()
    return details and scene.question is Question.REGISTER


def _request(
    scene: Scene, sentence: Sentence, answer: AnswerFields, finer: Finer | None, *, sure: bool, source: str = ""
) -> Request:
    said = " ".join(sentence.raw.split())[:300]
    span = span_of(scene, sentence)
    return Request(Intent.ANSWER_ANNOUNCEMENT, answer, span, ask=not sure, finer=finer, said=said, source=source)


def _of_leads(scene: Scene) -> Iterator[Hit]:
    """An answer for each lead that is named, else one for the lead that was offered."""
    numbered = [s for s in scene.sentences if LEAD_NUMBER.search(s.raw)]
    for sentence in numbered:
        yield from _numbered(scene, sentence)
    if numbered or not _is_offered(scene):
        return
    if (finer := _offered(scene)) is not None:
        yield _lead(scene, scene.sentences[0], finer, "")


def _numbered(scene: Scene, sentence: Sentence) -> Iterator[Hit]:
    """Each number is answered in the words around it, up to the next number."""
    places = [(m.start(), m.end(), f"L-{m[1]}") for m in LEAD_NUMBER.finditer(sentence.raw)]
    if len(places) == 1 or _finer_of(sentence.text[places[0][1] : places[1][0]]) is None:
        finer = _finer_of(sentence.text) if not sentence.asks else None
        for _, _, number in places:
            if finer is None and len(places) == 1 and not sentence.asks:
                finer = _plain(scene)
            if finer is not None:
                yield _lead(scene, sentence, finer, number)
        return
    begin = 0
    for place, (_, end, number) in enumerate(places):
        words = sentence.text[begin : places[place + 1][0] if place + 1 < len(places) else len(sentence.text)]
        border = re.search(r"[,;]|\b(?:and|but|und|aber|et|mais|en|maar|y|pero)\b", words[end - begin :])
        cut = end + border.start() if border and place + 1 < len(places) else begin + len(words)
        if (finer := _finer_of(sentence.text[begin:cut])) is not None:
            yield _lead(scene, sentence, finer, number)
        begin = cut


def _offered(scene: Scene) -> Finer | None:
    said = polarity_of(scene.sentences)
    if said is Polarity.OPEN:
        return None
    for sentence in scene.sentences:
        if not sentence.asks and (finer := _finer_of(sentence.text)) is not None:
            return finer
    return {Polarity.YES: Finer.ACCEPT_LEAD, Polarity.NO: Finer.DECLINE_LEAD}.get(said) if said else _plain(scene)


def _plain(scene: Scene) -> Finer | None:
    said, sure = _answer(scene)
    if said is None or not sure:
        return None
    return {Polarity.YES: Finer.ACCEPT_LEAD, Polarity.NO: Finer.DECLINE_LEAD}.get(said)


def _finer_of(words: str) -> Finer | None:
    """Taken or passed on, by what is said of a lead; nothing where it is weighed."""
    words = NO_TROUBLE.sub("ok", words)
    if any(SUPPOSED[language].search(words) for language in LANGUAGES if _TAKEN[language].search(words)):
        return None
    if any(_PASSED[language].search(words) for language in LANGUAGES):
        return Finer.DECLINE_LEAD
    for language in LANGUAGES:
        taken = _TAKEN[language].search(words)
        if taken:
            return None if _REFUSED_ANYHOW.search(words) else Finer.ACCEPT_LEAD
    return None


def _lead(scene: Scene, sentence: Sentence, finer: Finer, number: str) -> Hit:
    answer = AnswerFields("yes" if finer is Finer.ACCEPT_LEAD else "no")
    request = _request(scene, sentence, answer, finer, sure=True, source=number)
    return Hit(
        request,
        _answered(scene) + scene.misread(sentence, _MISTAKEN | {Intent.UPDATE_DEAL, Intent.REFER_LEAD}),
    )


ANSWERS = Wish(_find)
