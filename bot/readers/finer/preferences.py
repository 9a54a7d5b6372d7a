"""How the sender wants to be written to: where, in which language, with a monthly overview, or at all again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.readers.finer.moods import ASKING, LANGUAGES, is_supposed, says
from bot.readers.finer.preference_words import (
    BOTH,
    DESCRIBED,
    DIGEST,
    ELSEWHERE,
    FILLERS,
    IF_POSSIBLE,
    IN_LANGUAGE,
    LANGUAGES_NAMED,
    LASTING,
    MAIL,
    MAILINGS,
    NOT_BY,
    ONLY,
    PREFERRED,
    REJOIN,
    SLACK,
    SOMEBODY,
    SPEAK,
    TELL,
    UNWANTED,
    WANTED,
)
from bot.readers.finer.scene import IDLE, QUESTIONS, Hit, Scene, Wish, overlaps, span_of, stems
from bot.readers.finer.sentences import Sentence, pattern
from bot.vocabulary.requests import Finer, Intent, PreferenceFields, Request

_MOST_WORDS = 30
_FEW_WORDS = 6
_POLITELY = pattern(
    r"please|pls|bitte|graag|svp|stp|s'il (?:vous|te) plait|por favor|merci|would|want|prefi?er\w*|möcht\w*|wil|"
    r"voud\w*|quier\w*|quisier\w*|gern\w*|lieber|liever|liefst|rather|könn\w*|kun\w*|pouvez|pourriez|podria\w*|"
    r"puede\w*|can|could"
)
_SMALL = pattern(rf"{FILLERS.pattern}|mehr|meer|maar|mais|sondern|nicht|niet|reicht|enough|suffit")
_HARDLY_ANY = 1  # word
_NEAR = 6  # words
_POLITE = pattern(r"s'il (?:vous|te) plait|si (?:usted )?puede")
_OTHERS = pattern(r"they|he|she|er|ils?|elles?|hij|zij|ellos|ellas")
_CAN_YOU = pattern(
    r"can (?:you|we|i)|could (?:you|we|i)|would (?:you|it)|könn\w+|kannst|würd\w+|pouvez|pourriez|peut-on|peux-tu|"
    r"kun\w*|zou\w*|puede\w*|podria\w*|podeis|possible|möglich|mogelijk|posible|may (?:we|i)|can (?:it|this|that|"
    r"they)|geht|kan|darf|dürf\w+|mag|mogen"
)
_DOCUMENTS = frozenset({Intent.ASK_CONTENT, Intent.ASK_TRAINING})
_MISTAKEN = QUESTIONS | IDLE | {Intent.REQUEST_HUMAN, Intent.PROVIDE_FIELD}


def _found(scene: Scene) -> Iterator[Hit]:
    for sentence in scene.sentences:
        if sentence.start < 0 or len(sentence.text.split()) > _MOST_WORDS:
            continue
        if (rejoining := _rejoin(scene, sentence)) is not None:
            yield rejoining
            continue
        if (digest := _digest(scene, sentence)) is not None:
            yield digest
            continue
        if ELSEWHERE.search(sentence.text):
            continue
        route, language = _route(scene, sentence), _language(scene, sentence)
        if route is not None:
            gone = _misread(scene, sentence) + _of_leaving(scene, sentence)
            yield _hit(scene, sentence, Finer.PREFER_ROUTE, PreferenceFields(route=route), gone)
        if language is not None:
            fields = PreferenceFields(language=language)
            yield _hit(scene, sentence, Finer.PREFER_LANGUAGE, fields, _misread(scene, sentence))


def _hit(scene: Scene, sentence: Sentence, finer: Finer, fields: PreferenceFields, gone: tuple[Request, ...]) -> Hit:
    said = " ".join(sentence.raw.split())[:300]
    return Hit(Request(Intent.OTHER, fields, span_of(scene, sentence), finer=finer, said=said), gone)


def _misread(scene: Scene, sentence: Sentence) -> tuple[Request, ...]:
    """What rests on this sentence alone; an answer beside it stands."""
    alone = sum(1 for s in scene.sentences if s.start >= 0 and len(s.text.split()) > 1) <= 1
    gone = scene.misread(sentence, _MISTAKEN)
    if not alone:
        return gone
    return gone + tuple(
        r for r in scene.reading.requests if r.intent in _MISTAKEN | {Intent.ANSWER_ANNOUNCEMENT} and r not in gone
        and (r.intent is not Intent.ANSWER_ANNOUNCEMENT or overlaps(r.span, sentence))
    )  # fmt: skip


def _of_leaving(scene: Scene, sentence: Sentence) -> tuple[Request, ...]:
    """A wish to leave the announcements that was read in the wish to get them elsewhere."""
    return tuple(r for r in scene.reading.requests if r.intent is Intent.UNSUBSCRIBE and overlaps(r.span, sentence))


def _route(scene: Scene, sentence: Sentence) -> str | None:
    """Where the sender wants to be written to: in Slack, by mail, or in both."""
    text = sentence.text
    in_slack, by_mail = bool(SLACK.search(text)), bool(MAIL.search(text))
    if not (in_slack or by_mail) or not _is_wish(sentence):
        return None
    left = ONLY.sub(" ", SLACK.sub(" ", MAIL.sub(" ", BOTH.sub(" ", _SMALL.sub(" ", NOT_BY.sub(" ", text))))))
    minimal = len(re.findall(r"\w{4,}", left)) <= _HARDLY_ANY
    wished = minimal or says(TELL, text)
    refused = {"slack" if m["what"].startswith("slack") else "mail" for m in NOT_BY.finditer(text)}
    if in_slack and by_mail and not refused and wished and BOTH.search(text):
        return "both"
    if len(refused) == 1:
        kept = ({"slack", "mail"} - refused).pop()
        named = in_slack if kept == "slack" else by_mail
        return kept if named and wished else None
    leaves = any(r.intent is Intent.UNSUBSCRIBE for r in scene.reading.requests) and _LEAVES.search(text)
    if leaves or refused or in_slack == by_mail or not wished or not _only_there(text, SLACK if in_slack else MAIL):
        return None
    return "slack" if in_slack else "mail"


def _only_there(text: str, where: re.Pattern[str]) -> bool:
    """Whether "only", or a word like it, stands near the place."""
    only = [m.span() for m in ONLY.finditer(text)]
    places = [m.span() for m in where.finditer(text)]
    return any(
        len(text[min(o[1], p[1]) : max(o[0], p[0])].split()) <= _NEAR or o[0] <= p[0] < o[1]
        for o in only
        for p in places
    )


def _is_wish(sentence: Sentence) -> bool:
    """Not asked in general, supposed, told as it is, or said of others."""
    if DESCRIBED.search(sentence.text) and not _POLITELY.search(sentence.text):
        return False
    if sentence.asks and not _CAN_YOU.search(sentence.text):
        return False
    if _OTHERS.search(_POLITE.sub(" ", sentence.text)):
        return False
    plain = replace(sentence, text=IF_POSSIBLE.sub(lambda m: " " * len(m.group()), sentence.text))
    return not any(is_supposed(plain, 0, 1, language) for language in LANGUAGES)


def _language(scene: Scene, sentence: Sentence) -> str | None:
    """The language the sender wants to be written to in: a short wish for it alone, or with what is to be written."""
    named = list(IN_LANGUAGE.finditer(sentence.text))
    match = next((m for m in named if m["how"]), named[0] if named else None)
    if match is None or not _is_wish(sentence) or SOMEBODY.search(sentence.text):
        return None
    if UNWANTED.search(sentence.text[: match.start()].split(",")[-1]):
        return None
    alone = _words_left(sentence.text[: match.start()] + sentence.text[match.end() :]) == 0
    documents = [r for r in scene.reading.requests if r.intent in _DOCUMENTS]
    if alone and documents and len(scene.sentences) > 1:
        return None
    wanted = SPEAK if match["how"] else PREFERRED
    if match["how"] and LASTING.search(sentence.text):
        return _code(match["language"])
    asked = bool(match["how"]) or _POLITELY.search(sentence.text)  # one word alone may be a name: Frans
    if not ((alone and asked) or wanted.search(sentence.text)):
        return None
    return _code(match["language"])


def _code(language: str) -> str | None:
    known = (code for code, said in LANGUAGES_NAMED.items() if pattern(said).fullmatch(language))
    return next(known, None)


def _words_left(text: str) -> int:
    """How many words a sentence has beside those that say nothing."""
    return len(re.findall(r"\w{2,}", FILLERS.sub(" ", text)))


def _digest(scene: Scene, sentence: Sentence) -> Hit | None:
    match = DIGEST.search(sentence.text)
    if match is None or not _is_wish(sentence):
        return None
    around = sentence.text[: match.start()] + sentence.text[match.end() :]
    wanted = not UNWANTED.search(around)
    if wanted and not WANTED.search(around):
        return None
    gone = _misread(scene, sentence)
    if not MAILINGS.search(around):
        gone += _of_leaving(scene, sentence)
    return _hit(scene, sentence, Finer.DIGEST, PreferenceFields(digest=wanted), gone)


def _rejoin(scene: Scene, sentence: Sentence) -> Hit | None:
    """Wants the announcements again, and says so of himself."""
    if not says(REJOIN, sentence.text) or not _is_wish(sentence) or DIGEST.search(sentence.text):
        return None
    if not (MAILINGS.search(sentence.text) or _subscribes(sentence.text) or _words_left(sentence.text) <= _FEW_WORDS):
        return None
    if _DENIED.search(sentence.text):
        return None
    leaves = any(r.intent is Intent.UNSUBSCRIBE for r in scene.reading.requests)
    if leaves and not (says(ASKING, sentence.text) or _subscribes(sentence.text) or _ORDERED.match(sentence.text)):
        return None
    gone = _misread(scene, sentence) + _of_leaving(scene, sentence)
    return _hit(scene, sentence, Finer.REJOIN, PreferenceFields(), gone)


_LEAVES = pattern(
    r"take|remove|out|off|stop\w*|unsubscribe|no more|raus\w*|nehm\w*|streich\w*|abmeld\w*|kein\w*|nicht|retir\w*|"
    r"enlev\w*|"
    r"desabonn\w*|plus|pas|haal\w*|verwijder\w*|geen|niet|quit\w*|baja|borr\w*|no|dej\w*|saqu\w*"
)
_ORDERED = re.compile(
    r"\W*(?:stuur|zet|schrijf|meld|voeg|neem|anad|vuelv|apunt|inclu|inscrib|suscrib|remett|rajout|reinscri|reabonn|add|"
    r"put|"
    r"sign|subscribe|resubscribe|nehm|setz|trag|schick|send|meld|inscri|abonn|ajout)"
)
_DENIED = pattern(r"not|don't|never|nicht|kein\w*|pas|plus|niet|geen|nunca|dejen|no (?:quiero|queremos|vuelvan|me|nos)")
_SUBSCRIBES = pattern(
    r"(?:re-?)?subscrib\w*|unsubscrib\w*|opt\w*|abonn\w*|abmeld\w*|abgemeldet|anmeld\w*|reabonn\w*|desabonn\w*|"
    r"reinscri\w*|"
    r"inschrijv\w*|aanmeld\w*|afmeld\w*|afgemeld|uitgeschreven|suscrib\w*|resuscrib\w*|baja"
)


def _subscribes(text: str) -> bool:
    return bool(_SUBSCRIBES.search(text))


PREFERENCES = Wish(
    _found,
    stems(
        "slack mail mails email emails e courriel courriels correo correos english englisch anglais engels ingles "
        "german deutsch allemand duits aleman french französisch franzoesisch francais frans frances dutch flemish "
        "niederländisch niederlaendisch holländisch hollaendisch neerlandais nederlands vlaams neerlandes holandes "
        "spanish spanisch espagnol spaans espanol castellano monthly month digest monatsübersicht monatlich mensuel "
        "maandoverzicht maandelijks mensual again back subscribe resubscribe re opt undo wieder versehentlich "
        "abmeldung reabonnez reinscrivez remettez rajoutez reintegrez nouveau desabonne annulez weer opnieuw terug "
        "ongeluk afmelding uitschrijving vuelva volver vuelvan nuevo otra nuevamente resuscribir anulen "
        "anule baja encore anadanme "
        "reabonner reinscrire remettre rajouter"
    ),
)
