"""The same deal once more for another customer, as one says it to somebody who has just registered the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.readers.builtin.companies import same_company, trimmed_company
from bot.readers.finer.moods import LANGUAGES, WH, is_denied, is_supposed, patterns
from bot.readers.finer.names import RUN, is_name, trimmed
from bot.readers.finer.scene import IDLE, QUESTIONS, Hit, Scene, Wish, numbers_in, span_of, stems
from bot.readers.finer.sentences import Sentence, folded
from bot.vocabulary.requests import DealFields, Finer, Intent, Request, UpdateFields

_SAME = patterns({
    "en": (
        r"(?:the |exactly the |very |all the )?same(?: (?:again|thing|deal|registration|setup|set-up|package|details|"
        r"terms|"
        r"conditions|order|config\w*|products?|scope|please|once more|one|story|spec\w*))*(?= (?:again|for|as|with|to|"
        r"too|"
        r"goes|but|please|like|also|thing)|[,:.!]|$)|ditto|likewise|another (?:one )?(?:just )?like|identical(?:ly)?|"
        r"a copy of|copy|repeat|once more|(?:just )?like (?:for |with )?(?=acme|d-|the|[a-z])(?:the )?(?:one|deal)"
    ),
    "de": (
        r"(?:noch ?(?:ein)?mal )?(?:genau )?(?:das ?selbe|das gleiche|dasselbe|gleiches)"
        r"(?: (?:nochmal|noch (?:ein)?mal|bitte|auch))*|(?:\w*selben?|(?:die |den |der |zu den |"
        r"mit den )?gleiche[nr]?) "
        r"(?:deal|paket|umfang|konditionen|angaben|daten|registrierung|produkte)|noch ?(?:ein)?mal das ganze|"
        r"das ganze noch ?(?:ein)?mal|ebenso|genauso|wiederhol\w*|"
        r"gleichlautend|identisch\w*|"
        r"(?:alles |sonst alles )?(?:so )?wie (?:bei|für|schon bei|zuvor bei)|analog zu|dito|kopie"
    ),
    "fr": (
        r"(?:la |exactement la )?meme (?:chose|affaire|operation|demande d'enregistrement|configuration|dossier)|"
        r"(?:les |des )memes (?:conditions|elements|donnees|produits|informations)|idem|pareil|"
        r"a l'identique|de meme|identique|le meme (?:deal|dossier|paquet|enregistrement)|comme (?:pour|avec)"
    ),
    "nl": (
        r"(?:nog (?:een keer|eens) )?(?:precies |exact )?(?:hetzelfde|net zo|(?:dezelfde|zelfde)(?= "
        r"(?:deal|pakket|gegevens|voorwaarden|registratie|opzet|als|voor)))(?: (?:deal|pakket|gegevens|voorwaarden|"
        r"registratie|opzet|nog een keer|nog eens|graag|als))*|idem|identiek|(?:net )?zoals (?:bij|voor)|"
        r"ditto|kopie"
    ),
    "es": (
        r"(?:exactamente )?lo mismo|(?:el|la) mism[oa] (?:operacion|negocio|registro|trato|deal|paquete|configuracion)|"
        r"las mismas condiciones|los mismos (?:datos|productos)|igual(?: que)?|idem|identico|como (?:con|para)|"
        r"otro (?:igual|identico)"
    ),
})  # fmt: skip

_ALIEN = patterns({
    "en": (
        r"question|rate|commission|tier|price|contact person|person|group|company group|day|date|issue|problem|reason|"
        r"address|document|deck|link|invoice|statement|stage|status|won|lost|true|signed|team|tax|region|result|story|"
        r"happened|email|phone|answer|mistake|error|is the|hold"
    ),
    "de": (
        r"frage\w*|satz|provision\w*|stufe|preis\w*|ansprechpartner|person|konzern|gruppe|tag|termin|problem|grund|"
        r"adresse|"
        r"dokument|link|rechnung|abrechnung|status|gewonnen|verloren|unterschrieben|stand|steuer\w*|passiert|fehler|"
        r"antwort"
    ),
    "fr": (
        r"questions?|taux|commission\w*|niveau|prix|personne|groupe|jour|date|probleme|raison|adresse|document|lien|"
        r"facture|releve|statut|gagne\w*|perdu\w*|signe|erreur|reponse"
    ),
    "nl": (
        r"vraag|percentage|commissie|niveau|prijs|contactpersoon|persoon|groep|dag|datum|probleem|reden|adres|document|"
        r"link|factuur|afrekening|status|gewonnen|verloren|getekend|fout|antwoord"
    ),
    "es": (
        r"preguntas?|tasa|comision\w*|nivel|precio|persona|grupo|dia|fecha|problema|razon|direccion|documento|enlace|"
        r"factura|liquidacion|estado|ganad\w*|perdid\w*|firmad\w*|error|respuesta|sigue"
    ),
})  # fmt: skip
_REGISTER = re.compile(
    r"\b(?:regist\w*|protect\w*|log|book|reserv\w*|anmeld\w*|eintrag\w*|schutz\w*|schütz\w*|sicher\w*|enregistr\w*|"
    r"proteg\w*|bescherm\w*|vastleg\w*|aanmeld\w*)"
)
_FOR = re.compile(
    rf"(?<!\w)(?:(?P<little>for|für|fuer|pour|voor|para)|bei|chez|bij|con|with|to|zu|on)\s+"
    rf"(?:the |die |der |den |das |la |le |"
    rf"les |el |de |het |l['’]|our |unseren |unsere )?(?:customer |client |Kunden |firma |Firma |société )?"
    rf"(?P<name>{RUN}|[^\W\d_][\w&'’.-]*(?: [^\W\d_][\w&'’.-]*){{0,2}})",
    re.I,
)
_AS = re.compile(
    rf"(?<!\w)(?:as|like|wie|than|que|als|zoals|comme|como|analog|copy of|kopie van|kopie von)\s+"
    rf"(?:schon |zuvor |just |we did |did )?"
    rf"(?:for |with |on |bei |für |zu |pour |avec |chez |bij |voor |met |con |para |en |the |der |die |das )*"
    rf"(?P<name>{RUN}|[Dd]\s?-\s?\d{{4,8}})",
)
_STOP = re.compile(
    r"[,:;(]|\s(?:please|pls|too|also|again|as|bitte|auch|ebenfalls|wie|nochmal|noch|s'il|svp|aussi|comme|graag|ook|"
    r"als|"
    r"por|tambien|también|igual|que|with|mit|avec|met|con|contact|kontakt|contacto|but|aber|mais|maar|pero|and|und|et|"
    r"en|y|is|ist|gilt|-|–)\b.*",
    re.I,
)
_PRONOUNS_SAID = "us me you them it this that him her uns mich sie ihn nous moi vous ons mij jullie nosotros"
_PRONOUNS = frozenset(_PRONOUNS_SAID.split())
_MISTAKEN = QUESTIONS | IDLE | {Intent.REFER_LEAD, Intent.UPDATE_DEAL, Intent.REGISTER_DEAL, Intent.PROVIDE_FIELD}


def _find(scene: Scene) -> Iterator[Hit]:
    for sentence in scene.sentences:
        match = _same_in(scene, sentence)
        if match is not None and (hit := _hit(scene, sentence, match)):
            yield hit


def _same_in(scene: Scene, sentence: Sentence) -> re.Match[str] | None:
    for language in LANGUAGES:
        match = _SAME[language].search(sentence.text)
        if match and not _is_alien(scene, sentence, match, language):
            return match
    return None


def _is_alien(scene: Scene, sentence: Sentence, match: re.Match[str], language: str) -> bool:
    """Whether something else is the same, or it is asked or supposed only."""
    start, end = match.span()
    if _ALIEN[language].search(sentence.text) or is_supposed(sentence, start, end, language):
        return True
    if is_denied(sentence, start, end, language) or WH[language].search(sentence.text[:start]):
        return True
    if sentence.asks and not _ASKED_OF_US.search(sentence.text):
        return True
    if _REGISTER.search(sentence.text) or _is_told_as_new(scene, sentence):
        return False
    # What is the same for another may be a question or a stage: then the words before it say so.
    return len(sentence.text[:start].split()) > _FEW or _follows_another_matter(scene, sentence)


def _is_told_as_new(scene: Scene, sentence: Sentence) -> bool:
    """Whether the inner reader finds a registration here that says more than a name."""
    return any(
        r.intent is Intent.REGISTER_DEAL
        and isinstance(r.fields, DealFields)
        and (r.fields.customer_domain or r.fields.contact_name or r.fields.amount)
        and r.span[0] < sentence.end
        and sentence.start < r.span[1]
        for r in scene.reading.requests
    )


_FEW, _BRIEF = 3, 9


_ASKED_OF_US = re.compile(
    r"\b(?:(?:can|could|would|will) you|(?:can|could|may) (?:we|i)|könn\w+ (?:sie|ihr|wir)|kannst du|pouvez|pourriez|"
    r"peux-tu|kun\w* (?:je|u|jullie|we)|kan (?:dat|het|je)|zou\w* (?:je|u|jullie)|pueden?|puedes|podeis|podria\w*)\b"
)


def _follows_another_matter(scene: Scene, sentence: Sentence) -> bool:
    place = scene.sentences.index(sentence)
    before = scene.sentences[place - 1] if place else None
    if before is None:
        return False
    if before.asks:
        return True
    return any(
        isinstance(r.fields, UpdateFields) and (r.fields.stage or r.fields.close_date) for r in scene.reading.requests
    )


def _hit(scene: Scene, sentence: Sentence, match: re.Match[str]) -> Hit | None:
    source = _source(sentence, match)
    customer = _customer(scene, sentence, match, source)
    if not customer:
        return None
    fields = _fields(scene, sentence, customer, source)
    request = Request(
        Intent.REGISTER_DEAL,
        fields,
        span_of(scene, sentence),
        finer=Finer.REPEAT,
        said=" ".join(sentence.raw.split())[:300],
        source=source or _registered_before(scene, sentence, customer),
    )
    return Hit(request, _replaced(scene, sentence, customer, source))


def _source(sentence: Sentence, match: re.Match[str]) -> str:
    """The deal that is copied, where the sentence names it behind "as for"."""
    numbers = numbers_in(sentence)
    if numbers:
        return numbers[0]
    named = _AS.search(sentence.raw, max(0, match.start() - 2))
    if not named:
        named = _AS.search(sentence.raw, match.start() if match.start() < 2 else match.start() - 2)
    return _cut(named["name"]) if named and is_name(_cut(named["name"])) else ""


def _cut(name: str) -> str:
    return trimmed(_STOP.sub("", name))


def _customer(scene: Scene, sentence: Sentence, match: re.Match[str], source: str) -> str:
    """The customer who is new: one that the inner reader found, else the name behind "for"."""
    for name in scene.customers:
        kept = trimmed(name)
        if folded(kept) in sentence.text and not (source and _same(kept, source)):
            return kept
    for found in _FOR.finditer(sentence.raw):
        name = _cut(found["name"])
        if (
            not name
            or not name[0].isalpha()
            or (source and _same(name, source))
            or folded(name) in _PRONOUNS
            or not is_name(name)
        ):
            continue
        # A name in small letters counts only where it ends the clause of "the same for".
        small = (
            found["little"] is not None
            and found.start() >= match.end() - 1
            and len(name) > 2
            and len(sentence.text.split()) <= _BRIEF
        )
        if name[0].isupper() or small:
            return name
    return _named_at_all(sentence, source) if _REGISTER.search(sentence.text) else ""


def _named_at_all(sentence: Sentence, source: str) -> str:
    """The first name of a sentence that says "register" and names the deal to copy besides."""
    for found in re.finditer(RUN, sentence.raw):
        name = _cut(found.group())
        known = found.start() == 0 or not name or not is_name(name) or (source and _same(name, source))
        if not known:
            return name
    return ""


def _same(one: str, other: str) -> bool:
    return same_company(folded(trimmed_company(one)), folded(trimmed_company(other)))


def _is_of_the_new(request: Request, named: str | None, customer: str, source: str, sentence: Sentence) -> bool:
    """Whether the inner reader's deal is the new one: it has its name or none, or the name of the deal that this very
    sentence copies.
    """
    if named is None or _same(trimmed(named), customer):
        return True
    return bool(source) and _same(trimmed(named), source) and request.span[0] >= sentence.start


def _fields(scene: Scene, sentence: Sentence, customer: str, source: str) -> DealFields:
    """What the inner reader took for the new deal's, without the one that is only copied."""
    for request in scene.reading.requests:
        fields = request.fields
        if isinstance(fields, DealFields) and _is_of_the_new(request, fields.customer, customer, source, sentence):
            contact = fields.contact_name
            kept = None if contact and source and _same(contact, source) else contact
            return replace(fields, customer=customer, contact_name=kept)
    return DealFields(customer=customer)


def _registered_before(scene: Scene, sentence: Sentence, customer: str) -> str:
    """The customer whose deal the same message registers before it says "the same"."""
    for request in scene.reading.requests:
        said = getattr(request.fields, "customer", None)
        told = request.intent is Intent.REGISTER_DEAL and said and not _same(trimmed(said), customer)
        if told and request.span[0] < sentence.start:
            return str(said)
    return ""


def _replaced(scene: Scene, sentence: Sentence, customer: str, source: str) -> tuple[Request, ...]:
    """What the inner reader made of the new customer and of the one that is copied."""
    gone = [r for r in scene.misread(sentence, _MISTAKEN) if not isinstance(r.fields, DealFields | UpdateFields)]
    for request in scene.reading.requests:
        if isinstance(request.fields, DealFields | UpdateFields):
            name = request.fields.customer
            ref = getattr(request.fields, "deal_ref", None)
            about = [one for one in (customer, source) if one and name and _same(trimmed(name), one)]
            here = request.span[0] < sentence.end and sentence.start < request.span[1]
            if (about and (here or about[0] == customer)) or (ref and ref == source) or (name is None and here):
                gone.append(request)
    return tuple(gone)


REPEAT = Wish(
    _find,
    stems(
        "ganze wiederholen net same ditto likewise another identical copy repeat once like dasselbe gleiche gleiches "
        "selbe dieselben denselben derselbe ebenso genauso gleichlautend identisch wie analog dito kopie meme "
        "memes idem pareil identique comme hetzelfde dezelfde zelfde identiek zoals lo mismo misma mismas mismos "
        "igual identico como otro"
    ),
)
