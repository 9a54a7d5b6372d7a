"""The customer's own choice of this partner, handed in as evidence: who wrote it, and that it is there to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.readers.finer.moods import LANGUAGES, NEGATED, SUPPOSED, WH, patterns
from bot.readers.finer.scene import QUESTIONS, Hit, Scene, Wish, overlaps, span_of, stems
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.requests import DealFields, Finer, Intent, NoFields, Request, UpdateFields

_CHOSEN = patterns({
    "en": (
        r"(?:buy|purchas|order|procur|sourc|get|licen[cs])\w* (?:\S+ ){0,5}(?:from|through|via|with) us|"
        r"(?:work|go|proceed|continu|deal|partner|mov)\w* (?:\S+ ){0,3}(?:with|through|via) us|"
        r"(?:chosen|choose|chose|chooses|picked|selected|select|appoint\w*|nominat\w*|prefer\w*|want|named|"
        r"designat\w*) "
        r"us|us (?:as|to be) (?:their|the|its|his|a) (?:\w+ )?(?:partner|reseller|supplier|vendor|integrator)|"
        r"we are their (?:\w+ )?(?:partner|reseller|supplier)|our (?:company|firm) as (?:their|its) (?:\w+ )?partner"
    ),
    "de": (
        r"(?:bei|über|durch|mit|von) uns (?:\S+ ){0,4}(?:kauf\w*|bestell\w*|bezieh\w*|arbeit\w*|beschaff\w*|erwerb\w*|"
        r"zusammenarbeit\w*|mach\w*|umsetz\w*|abwickel\w*|abschlie\w*|geh\w*|realisier\w*|einkauf\w*)|"
        r"(?:kauf\w*|bestell\w*|bezieh\w*|arbeit\w*) (?:\S+ ){0,4}(?:bei|über|mit) uns|uns (?:\S+ )?als "
        r"(?:\w+ )?(?:partner|lieferant|dienstleister|händler|wunschpartner)\w*|(?:für|"
        r"auf) uns (?:\S+ ){0,4}(?:entschieden|"
        r"entscheid\w*|festgelegt)|uns (?:\S+ ){0,3}(?:gewählt|ausgewählt|beauftrag\w*|bevorzug\w*)|"
        r"wir (?:\S+ ){0,3}(?:wunschpartner|partner der wahl)"
    ),
    "fr": (
        r"(?:achet|command|pass|acquer|travaill|contract|trait|poursui|avanc|sign)\w* (?:\S+ ){0,5}"
        r"(?:chez|avec|par|aupres de|via) nous|nous (?:ont|a|avons ete|a bien) (?:\S+ )?(?:choisis?|retenus?|"
        r"selectionnes?|"
        r"designes?|mandates?)|nous (?:choisi\w*|designe\w*|prefere\w*|retien\w*|mandate\w*)|nous comme (?:\w+ )?"
        r"(?:partenaire|revendeur|fournisseur|integrateur)|choix (?:\S+ ){0,5}(?:notre|nous)|passer par (?:nous|notre)"
    ),
    "nl": (
        r"(?:bij|via|met|van|door) ons (?:\S+ ){0,4}(?:kop\w*|koop\w*|kocht\w*|bestel\w*|werk\w*|afne\w*|aanschaf\w*|"
        r"samenwerk\w*|verder\w*|ga\w*|zaken)|(?:kop\w*|bestel\w*|werk\w*) (?:\S+ ){0,4}(?:bij|via|met) ons|"
        r"(?:voor|op) ons (?:\S+ ){0,4}(?:kie\w*|koz\w*|gekoz\w*)|(?:gekozen|kiezen|kiest|koos|"
        r"kozen) (?:\S+ )?voor ons|"
        r"ons (?:\S+ ){0,2}(?:als|tot) (?:\w+ )?(?:partner|leverancier|reseller)\w*|ons (?:\S+ ){0,2}(?:gekozen|"
        r"verkoz\w*)"
    ),
    "es": (
        r"(?:compra\w*|adquir\w*|trabaja\w*|contrata\w*|hacerlo|pedir\w*|seguir|firmar|avanzar|cerrar\w*) (?:\S+ ){0,5}"
        r"(?:con|a traves de|mediante|por) nosotros|comprarnos|nos (?:ha\w* )?(?:elegid\w*|elig\w*|escogid\w*|"
        r"seleccionad\w*|"
        r"designad\w*|prefier\w*|nombrad\w*)|(?:nosotros|nos) (?:\S+ ){0,3}como (?:su |el )?(?:socio|partner|proveedor|"
        r"distribuidor)|somos su (?:socio|partner|proveedor)"
    ),
})  # fmt: skip

_HANDED_IN = re.compile(
    r"\b(?:below|attach\w*|enclos\w*|forward\w*|in writing|written|wrote|letter|their (?:mail|e-?mail)|confirm\w*|"
    r"here is|here's|unten\w*|anbei|anhang|angehängt|beigefügt|beiliegend\w*|schriftlich\w*|geschrieben|schreiben|"
    r"schreibt|"
    r"schrieb|bestätig\w*|bestaetig\w*|brief|weitergeleitet\w*|ci-joint\w*|ci-dessous|ci-apres|par ecrit|ecrit|lettre|"
    r"courriel|par mail|piece jointe|joint\w*|transfer\w*|liegt bei|hängt an|haengt an|zip|pdf|copy|confirm\w*|"
    r"attestation|hieronder|bijlage|bijgevoegd|bijgaand\w*|schriftelijk\w*|geschreven|"
    r"schreef|schrijft|bevestig\w*|doorgestuurd\w*|adjunt\w*|abajo|por escrito|escrito|escribe|carta|anexo|"
    r"continuacion|"
    r"reenvi\w*)\b"
)
_CUSTOMER = re.compile(
    r"\b(?:customer\w*|client\w*|prospect\w*|kund\w*|interessent\w*|klant\w*|they|their|sie|ils|elles|leur|ze|zij|hun|"
    r"hij|"
    r"quieren?|he|she|er|il|elle|buyer|cfo|cio|ceo|geschäftsführ\w*|geschaeftsfuehr\w*|directeur|directora?|gerente|"
    r"einkauf\w*|directie)\b"
)
_RIVAL = re.compile(
    r"\b(?:competit\w*|mitbewerb\w*|wettbewerb\w*|konkurren\w*|concurren\w*|competidor\w*|competencia|someone else|"
    r"another "
    r"partner|anderen partner|autre partenaire|andere partner|otro (?:socio|partner))\b"
)
_OURSELVES = re.compile(
    r"\W*(?:we|we'(?:d|ve|re)|i|i'm|i'd|wir|ich|nous|je|on|wij|ik|nosotros|hemos|queremos|estamos|our|unser\w*|notre|"
    r"onze|nuestr\w+)\b"
)
_ORDERED = re.compile(
    r"\b(?:(?:the|their|an|purchase|signed) (?:\w+ )?(?:order|contract|po)|bestellung|auftrag|vertrag|commande|"
    r"contrat|bestelling|"
    r"contract|opdracht|pedido|contrato|bought|gekauft|achete|gekocht|comprado)\b"
)
_DECLARED = patterns({
    "en": (
        r"we (?:\S+ ){0,4}(?:confirm|chosen|choose|chose|appoint\w*|nominat\w*|prefer|selected|select|want|wish|"
        r"would like) "
        r"(?:\S+ ){0,10}(?:partner|reseller|supplier)"
    ),
    "de": (
        r"(?:wir|hiermit) (?:\S+ ){0,12}(?:partner\w*|lieferant\w*) (?:\S+ ){0,8}(?:beauftrag\w*|entschieden|gewählt|"
        r"möcht\w*|bestätig\w*|benenn\w*)"
    ),
    "fr": (
        r"nous (?:\S+ ){0,4}(?:confirm\w*|choisi\w*|souhait\w*|design\w*|retenu) (?:\S+ ){0,10}(?:partenaire|"
        r"revendeur|fournisseur)"
    ),
    "nl": (
        r"(?:wij|we|hierbij) (?:\S+ ){0,10}(?:partner|leverancier) (?:\S+ ){0,8}(?:gekozen|kiezen|werken|wensen|"
        r"bevestig\w*|aan)"
    ),
    "es": r"(?:\w+amos|hemos \w+) (?:\S+ ){0,10}(?:socio|partner|proveedor|distribuidor)",
})  # fmt: skip
_CLOSE = 1


def _find(scene: Scene) -> Iterator[Hit]:
    said = _told(scene) or _forwarded(scene)
    if said is not None:
        yield _hit(scene, *said)


def _told(scene: Scene) -> tuple[Sentence, str] | None:
    """The sentence that says whom the customer chose, with the one beside it that hands in the proof."""
    for place, sentence in enumerate(scene.sentences):
        if not any(_says(sentence, language) for language in LANGUAGES):
            continue
        beside = scene.sentences[max(0, place - _CLOSE) : place + _CLOSE + 1]
        proof = [s for s in beside if s is not sentence and not s.asks and _HANDED_IN.search(s.text)]
        if proof or _HANDED_IN.search(sentence.text):
            return sentence, " ".join(s.raw for s in beside if s is sentence or s in proof)
    return None


def _says(sentence: Sentence, language: str) -> bool:
    chosen = _CHOSEN[language].search(sentence.text)
    if not chosen or sentence.asks or _RIVAL.search(sentence.text) or _ORDERED.search(sentence.text):
        return False
    if _OURSELVES.match(sentence.text) and not _CUSTOMER.search(sentence.text):
        return False
    if SUPPOSED[language].search(sentence.text) or NEGATED[language].search(sentence.text):
        return False
    return not WH[language].match(sentence.text)


def _forwarded(scene: Scene) -> tuple[Sentence, str] | None:
    """What a customer himself declares in a mail that was passed on; the sender's own words point at it."""
    if not scene.sentences:
        return None
    for sentence in scene.forwarded:
        for language in LANGUAGES:
            if _DECLARED[language].search(sentence.text) and not NEGATED[language].search(sentence.text):
                return scene.sentences[-1], sentence.raw
    return None


def _hit(scene: Scene, sentence: Sentence, said: str) -> Hit:
    """The registration or update that the inner reader found carries it; else it stands alone."""
    words = " ".join(said.split())[:600]
    deals = [r for r in scene.reading.requests if isinstance(r.fields, DealFields | UpdateFields)]
    best = next((r for r in deals if r.intent is Intent.REGISTER_DEAL), deals[0] if deals else None)
    gone = scene.misread(sentence, QUESTIONS | {Intent.DISPUTE_COMMISSION})
    if best is None:
        alone = Request(Intent.OTHER, NoFields(), span_of(scene, sentence), finer=Finer.CHOICE, said=words)
        return Hit(alone, gone)
    fields = best.fields
    if isinstance(fields, UpdateFields) and overlaps(best.span, sentence):
        fields = replace(fields, stage=None)  # to choose a partner is not to have bought
    twice = tuple(r for r in deals if r is not best and _is_stage_alone(r, getattr(fields, "customer", None)))
    return Hit(replace(best, fields=fields, finer=Finer.CHOICE, said=words), (*gone, best, *twice))


def _is_stage_alone(request: Request, customer: str | None) -> bool:
    """An update read out of the customer's words: it names no other deal and nothing but a stage."""
    fields = request.fields
    if not isinstance(fields, UpdateFields) or fields.amount or fields.close_date or fields.deal_ref:
        return False
    return fields.customer in (None, customer)


CHOICE = Wish(
    _find,
    stems(
        "us uns nous ons nosotros nos comprarnos wir we are notre wunschpartner below attached forward forwarded "
        "fyi unten anbei weitergeleitet ci-joint ci-dessous dessous joint hieronder bijgevoegd doorgestuurd abajo "
        "adjunto reenvio siehe see voir zie ver vease"
    ),
)
