"""Words of one meaning across five languages, so that what is learnt in one helps in the others."""

from __future__ import annotations

import re

from bot.readers.builtin.phrases import PHRASES

_MEANINGS: dict[str, str] = {
    "register": r"regist\w*|anmeld\w*|enregistr\w*|inscri\w*|aanmeld\w*|vastleg\w*|protect\w*|schütz\w*|"
    r"schutz\w*|proté\w*|"
    r"bescherm\w*|proteg\w*|vormerk\w*|sichern|claim\w*|réserv\w*|reserv\w*|dépos\w*|eintragen|flag",
    "refer": r"lead|pass(?:ing)? (?:it |this |them )?(?:on|over)|hand(?:ing)? (?:it |this |them )?over|all yours|"
    r"übernehm\w*|"
    r"übergeb\w*|weiterreich\w*|refil\w*|transmet\w*|prospect\w*|overnemen|overdra\w*|neem\w* .{0,12}over|derivar|"
    r"pasa\w* (?:el|un|este) contacto|interessent\w*|piste|prospecto|tip",
    "status": r"status|stand\b|where (?:is|are|do|does)|news|update on|neuigkeit\w*|où en (?:est|sont|êtes)|"
    "nouvelles|stand van zaken|"
    r"hoe staat|en qué (?:estado|va)|cómo va|novedades|accepted|approved|angenommen|genehmigt|accepté\w*|"
    r"geaccepteerd|aprobad\w*",
    "tier": r"tiers?|levels?|stufe\w*|niveau\w*|nivel\w*|select|elite|registered|status ?stufe|palier\w*|escalón|"
    "categoría|aufstieg|"
    r"upgrade",
    "commission": r"commission\w*|provision\w*|marge?\w*|margin\w*|rate\b|satz|taux|tarief|comisi\w*|earn\w*|"
    r"verdien\w*|touch\w*|"
    r"gagn\w*|opbreng\w*|opleve\w*|ganar\w*|ganamos|percent|prozent|payout rate|rapport\w*|plan\b|bonus\w*",
    "payout": r"paid|pay(?:ment|out)?s?\b|ausgezahlt|auszahlung\w*|überw\w*|bezahl\w*|zahlung\w*|geld|money|"
    r"payé\w*|paiement\w*|"
    r"vers(?:é|ement)\w*|virement\w*|betaal\w*|uitbetaal\w*|pago\w*|pagan|pagar\w*|cobr\w*|dinero|transfer\w*|abono",
    "invoice": r"invoice\w*|rechnung\w*|facture\w*|factuur\w*|facturen|factura\w*|honorarnote\w*|cuenta de cobro",
    "statement": r"statement\w*|abrechnung\w*|relevé\w*|afrekening\w*|staat\b|overzicht|liquidaci\w*|estado de "
    r"cuenta|gutschrift\w*",
    "wrong": r"wrong|missing|incorrect|mistake|error|short(?:ed)?\b|doesn'?t (?:add|match)|falsch|fehlt\w*|"
    r"fehler\w*|stimmt nicht|"
    r"zu wenig|erron\w*|erreur\w*|manque\w*|faux|fausse|klopt niet|fout\w*|ontbreek\w*|ontbr\w*|te (?:weinig|laag)|"
    r"incorrect\w*|equivoc\w*|falta\w*|mal\b|dispute\w*|beanstand\w*|reklam\w*|contest\w*|betwist\w*|reclam\w*|"
    r"discrepan\w*",
    "content": r"deck|slides?|brochure\w*|broschüre\w*|datasheet\w*|datenblatt|battlecard\w*|price ?list\w*|"
    r"preisliste\w*|template\w*|"
    r"vorlage\w*|pdf|one[- ]?pager\w*|document\w*|dokument\w*|plaquette\w*|présentation\w*|präsentation\w*|"
    r"presentati\w*|fiche\w*|"
    r"prijslijst\w*|folleto\w*|ficha\w*|presentaci\w*|recording|aufzeichnung|logo\w*|material\w*|unterlagen|"
    r"leaflet|flyer\w*|whitepaper|"
    r"case stud\w*|tarifs?|grille|checklist\w*|opname|grabaci\w*",
    "training": r"course\w*|training\w*|kurs\w*|schulung\w*|exam\w*|prüfung\w*|certif\w*|zertifi\w*|formation\w*|"
    "cours\b|cursus\\w*|"
    r"examen\w*|curso\w*|capacitaci\w*|enrol\w*|e-?learning|opleiding\w*|technical professional|sales associate|"
    r"implementation expert|recert\w*|resit",
    "human": r"human|person\b|someone|somebody|call me|ring me|speak (?:to|with)|talk (?:to|with)|meeting|"
    r"mensch\w*|jemand\w*|anruf\w*|"
    r"rückruf\w*|termin\b|gespräch\w*|sprechen|quelqu'un|humain\w*|rappel\w*|appel\w*|rendez-vous|réunion|mens\b|"
    r"iemand|bellen|"
    r"terugbel\w*|afspraak|overleg|alguien|llam\w*|persona\b|reunión|hablar",
    "stop": r"unsubscribe\w*|opt[- ]?out|mailing list|take me off|remove me|stop (?:sending|the)|abbestell\w*|"
    r"verteiler|austragen|abmeld\w*|"
    r"désabonn\w*|désinscri\w*|ne plus recevoir|retir\w*|uitschrij\w*|afmeld\w*|geen .{0,20}(?:mails|"
    r"aankondig\w*)|baja\b|"
    r"no (?:quiero )?recibir|keine .{0,25}(?:mails?|rundmails?|newsletter|ankündigung\w*)|announcements?|newsletters?",
    "taken": r"already taken|taken|vergeben|pris\b|bezet|ocupad\w*|free\b|frei\b|libre\b|vrij\b",
    "rule": r"rules?|allowed|regel\w*|dürfen|darf|règle\w*|droit|mogen|mag\b|puede\w*|permit\w*|how long|wie "
    "lange|combien de temps|"
    r"hoe lang|cuánto tiempo|extend\w*|verlänger\w*|prolong\w*|verleng\w*|prórroga|prorrog\w*|support\w*",
    "won": r"won\b|win\b|signed|closed[- ]won|gewonnen|unterschrieben|unterzeichnet|beauftragt|bestellt|gagné\w*|"
    r"signé\w*|remporté\w*|"
    r"getekend|binnen\b|ganad\w*|firmad\w*|firmaron|firmó|purchase order|\bpo\b|in the bag|commande|orden de compra",
    "lost": r"lost|verloren|perdu\w*|perdid\w*|competitor|wettbewerb\w*|konkurren\w*|concurren\w*|competencia|"
    "went with|dead\b|kwijt|gescheitert|"
    r"geplatzt|cancelled|abgesagt|annul\w*|abgesprungen|tombé\w*|cayó|gaat niet door|sans suite",
    "proposal": r"proposal|quote\b|offer\b|angebot\w*|offerte\w*|offre\b|devis|propuesta|oferta|presupuesto|"
    r"cotiz\w*|voorstel|proposition",
    "negotiation": r"negotiat\w*|verhandl\w*|négoci\w*|onderhandel\w*|negocia\w*|haggl\w*|feilsch\w*",
    "qualified": r"qualif\w*|gekwalificeerd|cualific\w*|calific\w*|bedarf bestätigt|budget confirmed",
    "hold": r"on hold|hold\b|paus\w*|auf eis|liegt|vertagt|verschoben|en attente|suspen\w*|gel(?:é|ée)\b|stil\b|"
    "stand-?by|ijskast|"
    r"en pausa|aplaz\w*|congel\w*|parked|frozen|freeze|stalled|ruht|pauze",
    "yes": r"yes|yep|yeah|sure|count (?:us|me) in|we'?re in|i'?m in|gladly|happy to|will (?:be there|join|attend|"
    "come)|ja\b|gerne?|dabei|"
    r"zusage|oui|volontiers|avec plaisir|partant\w*|on (?:sera|vient|participe)|graag|doen mee|sí\b|claro|"
    r"apunt\w*|con gusto|contad|cuenten|"
    r"sign us up|schreib\w* .{0,10}ein|schrijf|inscri\w*|assist\w*|participer\w*|d'accord|confirm\w*",
    "no": r"no\b|not\b|can'?t|cannot|won'?t|unable|unfortunately|regret|decline|pass\b|nein|leider|nicht|kein\w*|"
    r"absage\w*|ohne (?:uns|mich)|"
    r"non\b|pas\b|malheureusement|sans (?:nous|façon)|hélas|nee\b|niet|helaas|geen|zonder ons|lamentablemente|"
    r"imposible|no podemos|"
    r"no puedo|skip|désolé\w*|sorry|spijt|rather not",
    "maybe": r"maybe|perhaps|might|not sure|depends|let you know|tentative\w*|vielleicht|eventuell|mal sehen|"
    "kommt drauf an|unsicher|weiß noch nicht|"
    r"noch nicht|peut-être|verrai\w*|dépend\w*|à confirmer|pas sûr\w*|misschien|weet (?:ik )?(?:het )?nog niet|"
    r"hangt|onder voorbehoud|"
    r"quizá\w*|tal vez|a lo mejor|depende|por confirmar|aún no|todavía no|yet\b|if\b|wenn\b|falls\b|sobald|"
    r"once\b|\bsi\b|als\b|tant que|until",
    "thanks": r"thank\w*|thx|cheers|danke\w*|merci\w*|bedankt|dank\b|gracias",
}  # fmt: skip
# Lower-case patterns on a lower-case text are found twice as fast as patterns of any case.
_PATTERNS = tuple((name, re.compile(rf"(?<!\w)(?:{forms})(?!\w)")) for name, forms in _MEANINGS.items()) + tuple(
    (f"{name}+", re.compile(rf"(?<!\w)(?:{forms})(?!\w)")) for name, forms in PHRASES.items()
)


def meanings(text: str) -> list[str]:
    """The meanings that some word of the text has."""
    low = text.lower()
    return [name for name, pattern in _PATTERNS if pattern.search(low)]
