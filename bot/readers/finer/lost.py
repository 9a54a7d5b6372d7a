"""Why a deal was lost, in the sender's words: what stands behind "lost to" or "because", or the fact beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.readers.finer.scene import Hit, Scene, Wish, overlaps
from bot.readers.finer.sentences import Sentence, folded, pattern
from bot.vocabulary.requests import Request, UpdateFields
from crm.records import Stage

_LOSS = pattern(
    r"lost|lose|losing|(?:gone|went|going|signed|sticking|staying|stay) with (?!us|you|lumora)|chose (?!us|you)|"
    r"chosen (?!us|you)|opted for|"
    r"(?:picked|preferred|bought) (?:a|an|the|another|some)|decided against|competitor\w*|somebody (?:else|cheaper)|"
    r"someone (?:else|cheaper)|turned us down|fell through|"
    r"verlor\w*|verlier\w*|mitbewerb\w*|wettbewerb\w*|konkurren\w*|abgesagt|absage|gegen uns|geplatzt|"
    r"perdu\w*|perd\w?|concurren\w*|renonce|tombe a l'eau|"
    r"verloren|verliez\w*|afgehaakt|afgezegd|niet doorgegaan|"
    r"perdid\w*|perdemos|competencia|competidor\w*|se han ido con|descartad\w*"
)
_BEHIND_LOSS = re.compile(
    r"\b(?:lost|lose|verloren|verlor|perdue?s?|perdid[oa]|abgesagt|afgehaakt|afgezegd)\b(?:\s+(?:it|this|that|them|"
    r"the deal|"
    r"d-?\s?\d+|l'affaire|el negocio|de deal))?\s*[,:(-]*\s*"
)
_BECAUSE = re.compile(
    r"\b(?:because(?: of)?|since (?=they|the|he|she)|due to|owing to|on account of|on (?=price|cost|budget)|"
    r"over (?=price|budget|cost)|"
    r"as (?=they|the (?:customer|client|budget|board))|reason(?: was| is|:)|weil|wegen|aufgrund|auf grund|da (?=sie|"
    r"er|der|die|das|es)|"
    r"aus (?=preis|kosten|budget)|grund(?: war| ist|:)|parce qu[e']|car|a cause d[eu']|en raison d[eu']|"
    r"pour (?=des raisons|une question|cause)|"
    r"faute d[e']|raison(?: est|:)|motif(?: est|:)?|face a|au profit d[e']|omdat|wegens|vanwege|door (?=een|de|het|"
    r"gebrek)|op (?=prijs|budget)|"
    r"reden(?: is| was|:)|porque|debido a|a causa de|por (?=el|la|un|una|falta|motivos|precio|razones|culpa)|frente a|"
    r"motivo(?: es|:)?|"
    r"razon(?: es|:)?|ya que)\s*"
)
_REASON = pattern(
    r"competitor\w*|compet\w+|somebody (?:else|cheaper)|someone (?:else|cheaper)|(?:gone|went|going|signed|sticking|"
    r"staying|stay) with|"
    r"chose|chosen|opted for|budget\w*|price\w*|pricing|cheaper|expensive|cost\w*|frozen|cancel\w+|shelved|"
    r"no decision|do nothing|"
    r"merg\w+|acquired|insolven\w+|bankrupt\w*|in-?house|own (?:servers|solution)|feature\w*|timing|too (?:big|"
    r"complex|late|slow)|"
    r"mitbewerb\w*|wettbewerb\w*|konkurren\w*|preis\w*|kosten\w*|teuer\w*|billig\w*|günstig\w*|eingefroren|gestrichen|"
    r"gestoppt|"
    r"entschied\w*|insolvenz\w*|übernommen|eigenentwicklung|für nichts|abgesagt|"
    r"concurren\w*|prix|cher|chere|moins cher\w*|cout\w*|gele\w?|annul\w*|reporte\w*|abandonne\w*|faillite|rachat\w*|"
    r"fournisseur|"
    r"signe (?:avec|chez|ailleurs)|restent|preferent|"
    r"prijs\w*|duur\w*|goedkop\w*|bevroren|geschrapt|stopgezet|uitgesteld|gekozen|failliet|overgenomen|blijven bij|"
    r"precio\w*|car[oa]s?|barat\w*|presupuest\w*|congelad\w*|cancelad\w*|aplazad\w*|competencia|competidor\w*|quiebra|"
    r"comprad\w*|"
    r"se (?:quedan|han ido)|han elegido|prefier\w*"
)
_LONGEST = 300


def tells_of_loss(sentence: Sentence) -> bool:
    return not sentence.asks and bool(_LOSS.search(sentence.text))


def _find(scene: Scene) -> Iterator[Hit]:
    lost = [r for r in scene.reading.requests if isinstance(r.fields, UpdateFields) and r.fields.stage is Stage.LOST]
    for request in lost:
        alone = len(scene.customers) + len(scene.numbers) < 2 or len(lost) == 1
        reason = _reason(_about(scene, request, alone=alone), scene.customers)
        if reason:
            yield Hit(replace(request, said=reason[:_LONGEST]), (request,))


def _about(scene: Scene, request: Request, *, alone: bool) -> list[Sentence]:
    """The sentences that speak of the deal: its own, and those behind it that name no other."""
    fields = request.fields
    assert isinstance(fields, UpdateFields)
    own = [s for s in scene.sentences if request.span[1] and overlaps(request.span, s) and s.start >= 0]
    names = [folded(name) for name in (fields.customer, fields.deal_ref) if name]
    own += [s for s in scene.sentences if s not in own and any(name in s.text for name in names)]
    others = [folded(n) for n in (*scene.customers, *scene.numbers) if n not in (fields.customer, fields.deal_ref)]
    behind: list[Sentence] = []
    for place in [scene.sentences.index(s) for s in own]:
        for following in scene.sentences[place + 1 : place + 3]:
            if any(other in following.text for other in others):
                break
            behind.append(following)
    rest = [s for s in scene.sentences if alone and not any(other in s.text for other in others)]
    return list(dict.fromkeys([*own, *behind, *rest]))


def _reason(sentences: list[Sentence], names: tuple[str, ...]) -> str:
    """The words behind the loss or a "because"; else the first sentence that tells a reason."""
    for read in (_behind_loss, _behind_because):
        for sentence in sentences:
            if said := read(sentence):
                return _without_name(said, names)
    told = next((s for s in sentences if not s.asks and _REASON.search(s.text)), None)
    return _clean(_clause_of(told)) if told else ""


def _without_name(said: str, names: tuple[str, ...]) -> str:
    """What was lost is no reason: "lost Globex to a competitor"."""
    name = next((name for name in names if said.startswith(name)), "")
    return _clean(said.removeprefix(name))


def _behind_loss(sentence: Sentence) -> str:
    match = _BEHIND_LOSS.search(sentence.text)
    if not match:
        return ""
    behind = sentence.text[match.end() :]
    if not _REASON.search(behind):
        return ""
    cause = _BECAUSE.match(behind)
    if cause and not re.match(r"(?:on|over|op|aus|por|pour|face|frente|au profit)\b", behind):
        return _clean(sentence.raw[match.end() + cause.end() :])
    return _clean(sentence.raw[match.end() :])


def _behind_because(sentence: Sentence) -> str:
    match = _BECAUSE.search(sentence.text)
    if not match or sentence.asks:
        return ""
    place = match.start() if re.match(r"(?:on|over|op|aus|por|pour)\b", match.group()) else match.end()
    said = _clean(sentence.raw[place:])
    return said if _REASON.search(sentence.text[place:]) or len(said.split()) > 2 else ""


def _clause_of(sentence: Sentence) -> str:
    """The part of a sentence that tells the reason, where another part tells of the loss alone."""
    for part in re.split(r"\s*[;:]\s+|\s+-+\s+", sentence.raw):
        if _REASON.search(folded(part)):
            return part
    return sentence.raw


def _clean(said: str) -> str:
    return " ".join(said.split()).strip(" .,;:!-–—()")


LOST = Wish(_find)
