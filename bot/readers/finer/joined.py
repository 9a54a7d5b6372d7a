"""Somebody new at the sender's own company."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.people import trimmed_person
from bot.readers.finer.colleagues import (
    COLLEAGUE,
    EMAIL,
    EVENT,
    NAME,
    NO_PERSON,
    OURS,
    PRODUCT,
    colleague_named,
    is_theirs,
    is_time_or_us,
    names_a_customer,
    person_hit,
    subject,
    titled,
)
from bot.readers.finer.moods import LANGUAGES, SUPPOSED, patterns
from bot.readers.finer.names import is_name
from bot.readers.finer.scene import Hit, Scene, Wish, stems
from bot.readers.finer.sentences import Sentence, folded, pattern
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import DealFields, Finer, PersonFields

_COME = patterns({
    "en": (
        r"(?:has |have |'s |is |will |just |recently |also |now |already |be )*(?:joined|joining|joins|join|"
        r"started with|starting with|starts with|"
        r"come on board|coming on board|came on board|started at) (?:us|our (?:\w+ )?(?:team|company|firm|crew|"
        r"department|agency)|the (?:\w+ )?(?:team|company|firm))?|"
        r"(?:our|a|my) new(?:est)?|new (?:colleague|team member|starter|hire|joiner|contact person|contact|"
        r"account manager|sales)|we(?:'ve| have) (?:\w+ )?hired|"
        r"(?:add|set up|include|give|onboard|invite|create)(?! (?:a|the) (?:deal|registration))|"
        r"takes? over (?:from (?:me|\w+)|for me|my|the|as)|taking over from (?:me|\w+)|"
        r"(?:is|will be) (?:your|our) (?:new )?(?:\w+ )?(?:contact|point of contact|go-to)|replac(?:es|ing|ed|e)|"
        r"hand(?:ing|ed)? (?:\S+ ){0,3}over to|"
        r"(?:i|we) hired|new on our|(?:login|access|account) for|successor|"
        r"new (?:here|(?:with|to) us|(?:at|in|on|to) our \w+|(?:at|in|on|to) the (?:company|firm|team|office))|"
        r"(?:look|run|tak|handl)\w* (?:\S+ ){0,4}(?:from now|now)"
    ),
    "de": (
        r"verstärkt|neu (?:hier|bei uns|im (?:team|vertrieb|haus|unternehmen)|an bord|dabei|"
        r"dazugekommen|hinzugekommen)|"
        r"unser\w* neue[rnm]?|(?:ein\w*|mein\w*|eine) neue[rnm]?|neue[rn]? "
        r"(?:kolleg\w+|mitarbeiter\w*|ansprechpartner\w*|teammitglied)|(?:stößt|stieß|gestoßen|"
        r"gekommen) (?:\S+ )?zu uns|zu uns gestoßen|"
        r"(?:nehmen|nehmt|nimm) (?:\S+ ){0,10}?auf|aufnehmen|hinzufüg\w*|(?:legt|legen) (?:\S+ ){0,8}?an|eintragen|"
        r"freischalt\w*|übernimmt (?:\S+ ){0,3}?(?:von mir|meine\w*|für mich|ab|die)|"
        r"ist (?:\S+ ){0,7}?(?:zuständig|(?:ihr\w*|eu\w*|unser\w*) (?:neue\w* )?ansprechpartner\w*)|"
        r"fängt (?:\S+ ){0,4}?bei uns an|hat (?:\S+ ){0,4}?bei uns (?:angefangen|begonnen)|"
        r"arbeitet (?:jetzt |nun |ab \S+ |seit \S+ )+(?:\S+ )?(?:bei|für) uns|folgt auf|nachfolger\w*|verstärkung|"
        r"schalt\w* (?:\S+ ){0,8}?frei|anlegen|anzulegen|eingestellt|zugang|ist (?:seit|ab) \S+ (?:\S+ )?bei uns|"
        r"gehört (?:jetzt|nun|ab \S+|seit \S+) (?:\S+ )?(?:zu|zum)"
    ),
    "fr": (
        r"(?:a |ont |vient de |va )*(?:rejoint|rejoignent|rejoindre|rejoindra|integre|"
        r"integrer) (?:\S+ ){0,2}?(?:notre|nos|l'|nous|la)|nous (?:a |ont )?(?:rejoint|rejoindra)|"
        r"(?:notre|un|une|mon|ma|nos) nouve\w+|nouvel\w* (?:collegue|collaborat\w+|interlocut\w+|arrivant\w*|recrue|"
        r"commercial\w*)|ajout\w+|creer|inscri\w+|"
        r"(?:prend|reprend|prendra|reprendra) (?:\S+ ){0,3}?(?:suite|relais|place|dossier\w*)|(?:est|"
        r"sera) (?:\S+ ){0,3}?(?:votre|notre) (?:nouvel\w* |nouveau )?(?:interlocut\w+|contact)|"
        r"nouve(?:au|lle) (?:ici|(?:\S+ )?chez nous|parmi nous|dans (?:notre|l')\S*)|"
        r"(?:vient d'|est |vient de nous )arriv\w+|"
        r"remplace|succede|renforce|recrute\w*|embauche\w*|acces|successeur|remplacante?|travaille (?:desormais|"
        r"maintenant) (?:chez|avec) nous"
    ),
    "nl": (
        r"(?:komen |komt )?versterk\w*|(?:onze|een|mijn) nieuwe|nieuwe (?:collega|medewerk\w*|contactpersoon|teamlid|"
        r"accountmanager)|nieuw (?:hier|bij ons|in ons team|in dienst|aan boord)|toevoegen|"
        r"voeg\w* (?:\S+ ){0,8}?toe|aanmaken|opnemen|(?:is|zijn) (?:\S+ ){0,4}?(?:begonnen|gestart|in dienst getreden|"
        r"aan boord)|neemt (?:\S+ ){0,5}?over|volgt (?:\S+ ){0,3}?op|"
        r"(?:is|wordt) (?:\S+ ){0,4}?(?:jullie|uw|ons) (?:nieuwe )?(?:contactpersoon|aanspreekpunt|contact)|"
        r"werkt (?:nu|sinds \S+|vanaf \S+) (?:\S+ )?(?:bij|voor) ons|vervangt|aangenomen|toegang|account|opvolger"
    ),
    "es": (
        r"se (?:ha |han )?(?:incorpor\w+|uni\w*|une|unido|sum\w+)|(?:nuestr\w+|un\w*|mi) nuev\w+|"
        r"nuev\w+ (?:companer\w+|colega|comercial|contacto|incorporacion|responsable)|"
        r"nuev[oa] (?:aqui|con nosotros|en (?:el|nuestro) equipo|en (?:la|nuestra) \w+)|"
        r"anad\w+|incluy\w+|incorpor\w+|den de alta|dar de alta|dad de alta|(?:es|sera) (?:\S+ ){0,3}?(?:su|"
        r"vuestr\w+) (?:nuev\w+ )?(?:contacto|interlocutor\w*)|"
        r"(?:me |le )?(?:sustituye|reemplaza|releva)|toma el relevo|trabaja (?:ahora|ya|desde \S+) (?:con nosotros|"
        r"para nosotros)|contratado|acceso|sucesor\w*|acaba de (?:entrar|llegar|incorporarse)"
    ),
})  # fmt: skip
_REGISTER = pattern(
    r"regist\w*|protect\w*|deals?|opportunit\w*|seats|licen\w*|anmeld\w*|schützen|enregistr\w*|proteg\w*|affaire|"
    r"sieges|bescherm\w*|plätze|lizenz\w*|usuarios|licencias|gebruikers|lead"
)
_JOINS = pattern(
    r"new|nouve\w+|arriv\w+|nuev\w+|"
    r"join\w*|on board|started|starts|hired|takes? over|taking over|contact|point of contact|verstärkt|neu|gestoßen|"
    r"stößt|zuständig|ansprechpartner\w*|übernimmt|angefangen|fängt|rejoin\w*|"
    r"integre\w*|interlocut\w+|renforce|reprend|prend|versterk\w*|nieuw|begonnen|gestart|contactpersoon|aanspreekpunt|"
    r"incorpor\w+|une|unido|uni\w*|suma\w*|contacto|interlocutor\w*|sustituye|releva|"
    r"colleague|kolleg\w+|folgt|gehört|arbeitet|werkt|travaille|trabaja|remplace|succede|neemt|volgt|replac\w+"
)


def _joined(scene: Scene) -> Iterator[Hit]:
    for sentence in scene.sentences:
        for language in LANGUAGES:
            match = _COME[language].search(sentence.text)
            if match and (person := _who_joined(scene, sentence, match, language)):
                yield person_hit(scene, sentence, Finer.PERSON_JOINED, *person)
                break


def _who_joined(
    scene: Scene, sentence: Sentence, match: re.Match[str], language: str
) -> tuple[PersonFields, bool] | None:
    """Who is new, and whether that is in doubt; None where it is no colleague, or nobody is named."""
    if _is_another_matter(scene, sentence):
        return None
    address = _address(scene, sentence)
    own = bool(address) and _is_own(scene, address)
    if not own and ((address and "@" in scene.readable.sender) or _REGISTER.search(sentence.text)):
        return None  # another company's address is no colleague's
    colleague = bool(COLLEAGUE[language].search(sentence.text))
    if not (own or colleague or (OURS.search(sentence.text) and _joins_us(sentence, match))):
        return None
    name = _read_name(scene, sentence, address) or _new_name(sentence, match, language, own=own)
    if not (name or address) or (sentence.asks and not address) or names_a_customer(scene, sentence, name):
        return None
    return PersonFields(name or None, address or None), not own and not (colleague and name)


def _is_another_matter(scene: Scene, sentence: Sentence) -> bool:
    """Whether it is about a customer's people or an event, denied or supposed, or about the sender himself."""
    if is_theirs(sentence) or EVENT.search(sentence.text) or scene.readable.thread.kind is ThreadKind.ANNOUNCEMENT:
        return True
    if any(SUPPOSED[language].search(sentence.text) for language in LANGUAGES) or _DENIED.search(sentence.text):
        return True
    sender = scene.readable.sender.lower()
    return bool(sender) and _address(scene, sentence) == sender


_DENIED = re.compile(r"\b(?:not|n't|nicht|kein\w*|pas|niet|no)\b")


def _read_name(scene: Scene, sentence: Sentence, address: str) -> str:
    """The name that the inner reader put beside the address."""
    for request in scene.reading.requests:
        fields = request.fields
        if isinstance(fields, DealFields) and address and fields.contact_email == address and fields.contact_name:
            return fields.contact_name if folded(fields.contact_name) in sentence.text else ""
    return ""


def _joins_us(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether it is the sender's company that somebody joins, or whose work he takes over."""
    return bool(_JOINS.search(match.group()) or _JOINS.search(sentence.text[match.start() :]))


def _address(scene: Scene, sentence: Sentence) -> str:
    """The address in the sentence, or in the next where that is hardly more than it."""
    found = EMAIL.search(sentence.raw)
    if found is None:
        place = scene.sentences.index(sentence)
        following = scene.sentences[place + 1 : place + 2]
        if following and len(following[0].text.split()) <= 8:
            found = EMAIL.search(following[0].raw)
    return found.group().lower().rstrip(".") if found else ""


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _is_own(scene: Scene, address: str) -> bool:
    own, other = _domain(scene.readable.sender), _domain(address)
    return bool(own) and (own == other or own.endswith(f".{other}") or other.endswith(f".{own}"))


def _new_name(sentence: Sentence, match: re.Match[str], language: str, *, own: bool) -> str:
    named = colleague_named(sentence, language)
    if named:
        return named
    before = subject(sentence, match.start())
    if NAME.fullmatch(before) and is_name(before) and not PRODUCT.search(before):
        return before
    if beside := _before_the_address(sentence):
        return beside
    for found in NAME.finditer(sentence.raw, match.end()) if own else ():
        kept = trimmed_person(found.group())
        if (
            folded(kept.split()[0]) not in NO_PERSON
            and not COLLEAGUE[language].search(folded(kept))
            and not PRODUCT.search(kept)
            and not is_time_or_us(kept)
        ):
            return kept
    return titled(sentence)


def _before_the_address(sentence: Sentence) -> str:
    """The name in front of an address: "Mia Wong (mia@quaywise.example)"."""
    address = EMAIL.search(sentence.raw)
    ahead = sentence.raw[: address.start()].rstrip(" (<[:,-") if address else ""
    *_, last = [None, *NAME.finditer(ahead)]
    name = last.group() if last and last.end() == len(ahead) else ""
    known = folded(name).split()[:1]
    return "" if not name or known[0] in NO_PERSON or not is_name(name) or PRODUCT.search(name) else name


JOINED = Wish(
    _joined,
    stems(
        "resigned hand handing handed hired login access account successor looks look runs handles nachfolger "
        "verstärkung verstaerkung schaltet schalten anlegen anzulegen eingestellt zugang ist recruté recrute "
        "embauché embauche accès acces successeur remplaçant aangenomen toegang opvolger contratado acceso "
        "sucesor new arriver arrivé arrivée "
        "joined joining started starting starts board new newest add set include give onboard invite "
        "create takes take taking contact go-to replaces replacing verstärkt verstaerkt neu neue neuer neuen "
        "neuem stößt stoesst gestoßen zu nehmen nehmt nimm aufnehmen hinzufügen hinzufuegen legt legen eintragen "
        "freischalten übernimmt uebernimmt zuständig zustaendig ansprechpartner fängt faengt angefangen begonnen "
        "arbeitet folgt gehört gehoert rejoint rejoignent rejoindre intègre integrer nouveau nouvelle nouvel "
        "ajouter créer creer inscrire prend reprend interlocuteur remplace succède succede renforce travaille "
        "versterken komen nieuwe nieuw toevoegen voeg aanmaken opnemen gestart neemt volgt contactpersoon "
        "aanspreekpunt werkt vervangt incorporado une unido suma nueva nuevo añadan anadir incluyan alta contacto "
        "sustituye reemplaza releva relevo trabaja acaba incorpora uniró"
    ),
)
