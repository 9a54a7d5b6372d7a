"""How people of five languages ask about money: why, what if, all of it, a document again, a dispute of theirs."""

from __future__ import annotations

from bot.readers.finer.moods import patterns
from bot.readers.finer.scene import stems
from bot.readers.finer.sentences import folded

MONEY = patterns({
    "en": (
        r"commissions?|payouts?|earn\w*|margin|money|figure|amount|sum|line|statements?|paid|pay|payment|rates?|"
        r"euros?|"
        r"bonus|reward|get|bring"
    ),
    "de": (
        r"\w*provision\w*|auszahlung\w*|geld|betr[aä]g\w*|summe|zeile|position|abrechnung\w*|gutschrift\w*|"
        r"marge|verdien\w*|"
        r"euro|bekommen|kriegen|bringen|bringt|brächte|bekämen|zahl\w*|satz"
    ),
    "fr": (
        r"commissions?|paiement\w*|argent|montant\w*|somme|ligne|releves?|marge|toucher\w*|touchons|touche|"
        r"gagn\w*|euros?|"
        r"paye\w*|rapporter\w*|taux|remuner\w*"
    ),
    "nl": (
        r"commissie\w*|provisie\w*|uitbetaling\w*|geld|bedrag\w*|som|regel|afrekening\w*|marge|verdien\w*|euro|"
        r"krijg\w*|"
        r"betaal\w*|opleveren|levert|percentage"
    ),
    "es": (
        r"comision\w*|daria\w*|pagos?|dinero|importes?|cantidad|suma|linea|extractos?|liquidacion\w*|margen|gana\w*|"
        r"euros?|cobr\w*|"
        r"pag\w*|porcentaje"
    ),
})  # fmt: skip

WHY = patterns({
    "en": (
        r"why (?:\S+ ){0,8}?(?:so (?:little|low|few|small)|only|less|lower|just|not more|that (?:much|little|"
        r"low|amount)|"
        r"this (?:much|amount|figure)|smaller)|why (?:so|that|this) (?:little|low|few|much|high|amount|figure)|"
        r"how (?:\S+ ){0,7}?(?:calculat\w+|comput\w+|work(?:ed|s)? out|come about|came about|arriv\w+ at|"
        r"made up|derive\w*|"
        r"determined|get to|got to|get that|got that|come up with|came up with|end up (?:at|with))|"
        r"explain (?:\S+ ){0,4}?(?:figure|amount|commission|sum|line|calculation)|break ?down (?:of|for)|"
        r"where (?:does|did|do) (?:\S+ ){0,4}?come from|what is (?:\S+ ){0,4}?based on|"
        r"how come (?:\S+ ){0,6}?(?:only|so|less)"
    ),
    "de": (
        r"(?:warum|wieso|weshalb|wie kommt es,? dass) (?:\S+ ){0,8}?(?:so (?:wenig|niedrig|gering|klein)|nur|weniger|"
        r"niedriger|lediglich|bloß|nicht mehr)|wie (?:\S+ ){0,8}?(?:zustande|berechn\w+|errechn\w+|zusammen|"
        r"ermittel\w+|"
        r"ausgerechnet|gerechnet|hergeleitet|kommt ihr auf|kommen sie auf|kommst du auf)|wie kommt ihr auf|"
        r"wie kommen sie auf|wie kommst du auf|(?:erklär\w*|erläuter\w*) (?:\S+ ){0,5}?(?:betrag|provision|"
        r"summe|zeile|"
        r"position|zahl|berechnung)|(?:betrag|provision|summe|zeile|position|zahl) (?:\S+ ){0,6}?(?:erklär|"
        r"erläuter)\w*|woraus (?:\S+ ){0,4}?(?:ergibt|setzt)|"
        r"(?:die )?herleitung|rechenweg"
    ),
    "fr": (
        r"pourquoi (?:\S+ ){0,8}?(?:si peu|seulement|que|moins|aussi peu|tant)|pourquoi si (?:peu|bas|faible)|"
        r"comment (?:\S+ ){0,7}?(?:calcul\w+|obten\w+|arriv\w+(?:-\w+)? a|compose\w*|etabli\w*)|d'ou (?:vient|"
        r"viennent|sort)|"
        r"expli\w+ (?:\S+ ){0,5}?(?:montant|commission|calcul|ligne|chiffre)|(?:le )?detail du calcul|"
        r"a quoi correspond"
    ),
    "nl": (
        r"(?:waarom|hoezo|hoe komt het dat) (?:\S+ ){0,8}?(?:zo (?:weinig|laag|klein)|maar|slechts|minder|lager|"
        r"niet meer)|"
        r"hoe (?:\S+ ){0,8}?(?:berekend|berekenen|tot stand|uitgerekend|opgebouwd|komen jullie (?:aan|op|bij)|"
        r"kom je (?:aan|op|bij)|samengesteld)|hoe komen jullie|hoe kom je|leg (?:\S+ ){0,6}?uit|"
        r"waar komt (?:\S+ ){0,4}?vandaan|waarop is (?:\S+ ){0,4}?gebaseerd|(?:de )?berekening van"
    ),
    "es": (
        r"por que (?:\S+ ){0,8}?(?:tan poc\w+|tan baj\w+|solo|solamente|menos|unicamente)|por que tan poc\w+|"
        r"como (?:\S+ ){0,7}?(?:calcul\w+|sale|salen|obt\w+|llega\w*|compone)|de donde sale\w*|"
        r"expli\w+ (?:\S+ ){0,5}?(?:importe|comision|calculo|linea|cifra)|(?:el )?desglose|"
        r"(?:el )?detalle del calculo"
    ),
})  # fmt: skip

WRONG = patterns({
    "en": (
        r"wrong|incorrect|error|mistake|should (?:be|have)|disput\w*|contest\w*|disagree|missing|not right|"
        r"isn't right|"
        r"forgot\w*|correct (?:it|this|that)|please (?:correct|fix)|double|twice|we were promised|instead of"
    ),
    "de": (
        r"falsch|fehler\w*|stimmt nicht|stimmt (?:\w+ )?nicht|sollte\w*|müsste\w*|beanstand\w*|widersprech\w*|fehlt|"
        r"vergessen|korrigier\w*|doppelt|statt|einspruch|reklamier\w*|nicht korrekt|nicht richtig"
    ),
    "fr": (
        r"faux|fausse|erreur\w*|inexact\w*|devrait|aurait du|contest\w*|manque|oubli\w*|corrig\w*|rectifi\w*|au lieu|"
        r"incorrect\w*|pas correct|pas juste|double"
    ),
    "nl": (
        r"fout\w*|klopt niet|klopt (?:\w+ )?niet|onjuist|zou (?:\S+ )?moeten|betwist\w*|bezwaar|ontbreekt|vergeten|"
        r"corrigeer\w*|corrigeren|dubbel|in plaats van|niet juist|niet correct|niet akkoord"
    ),
    "es": (
        r"mal|error\w*|incorrect\w*|deberia\w*|tendria que|reclam\w*|disput\w*|falta\w*|olvid\w*|corrij\w*|"
        r"corregi\w*|"
        r"en vez de|en lugar de|no es correct\w*|no cuadra|doble|rectifi\w*"
    ),
})  # fmt: skip

WHAT_IF = patterns({
    "en": r"what if|how about if|suppose (?:we|it|they|that)|and (?:with|at|for) \d+",
    "de": r"was wäre,? wenn|was wär,? wenn|angenommen|und (?:bei|mit) \d+",
    "fr": r"et si|supposons que|imaginons que|et (?:avec|pour) \d+",
    "nl": r"wat als|en als|stel dat|en (?:met|bij|voor) \d+",
    "es": r"y si|que (?:pasaria|pasa) si|supongamos|y con \d+",
})  # fmt: skip
"""What needs no word of money to be a question about it, where seats or prices are supposed."""

IF = patterns({
    "en": (
        r"what if|how about if|suppos\w+|assuming|imagine|what would|how much would|would (?:we|it|that|i|this|they) "
        r"(?:\S+ ){0,6}?(?:get|earn|be|bring|make|change)|if (?:we|they|it|i|the customer|this|that) (?:\S+ ){0,2}?"
        r"(?:were|was|had|took|bought|sold|sell|signed|went|gave|got|closed|ordered|became|reached)|"
        r"(?:and|what about) (?:with|at|for|as)"
    ),
    "de": (
        r"was wäre|was wär|wie wäre es|wie viel wäre\w*|angenommen|gesetzt den fall|wäre\w* es|würde\w*|bekämen|"
        r"bekäme|"
        r"brächte|und (?:bei|mit|als)|(?:wenn|falls) (?:\S+ ){1,8}?(?:wären|wäre|nähme\w*|kauf\w*|nimmt|nehmen|"
        r"hätte\w*|verkauf\w*|würde\w*|geben)|wie viel (?:\S+ ){0,3}?(?:bei|mit|als)"
    ),
    "fr": (
        r"et si|si (?:c'etait|on|nous|le client|ils|elle|il|j') ?(?:\S+ ){0,3}?\w+(?:ait|ions|aient)|supposons|"
        r"en supposant|"
        r"imaginons|que (?:donnerait|toucherait|toucherions|gagnerait)\w*|combien (?:\S+ ){0,3}?\w+r(?:ait|ions|"
        r"aient)|"
        r"et (?:avec|pour|en)"
    ),
    "nl": (
        r"wat als|en als|stel dat|stel,? |wat zou\w*|hoeveel zou\w*|zou\w* (?:\S+ ){0,6}?(?:krijgen|zijn|"
        r"opleveren|worden|"
        r"verdienen)|en (?:met|bij|voor)|als (?:\S+ ){1,6}?(?:waren|was|namen|nam|kochten|kocht|nemen|neemt)|"
        r"wat (?:\S+ ){0,5}?(?:bij|met|als)"
    ),
    "es": (
        r"y si|que pasaria si|que pasa si|si (?:fueran?|fuesen?|fuéramos|fueramos|comprar\w+|tuvier\w+|hubier\w+|"
        r"contratar\w+|vendier\w+|vendemos)|supon\w+|imagin\w+|cuanto (?:\S+ ){0,4}?\w+r?i\w+|cuanto (?:ganar|"
        r"cobrar|seria)\w*|"
        r"y (?:con|como)"
    ),
})  # fmt: skip

ALL = patterns({
    "en": (
        r"all (?:of )?(?:my|our|the|open|won) ?(?:\w+ )?(?:deals|opportunities|customers|commissions?)|overview|"
        r"in total|"
        r"altogether|overall|so far|outstanding|still (?:open|to come|owed|due|pending|coming)|coming (?:in|up|"
        r"our way)|"
        r"have (?:we|i) (?:\w+ )?(?:earned|made)|(?:do|does) (?:you|lumora) (?:still )?owe|pipeline|"
        r"(?:expected|planned|pending|approved|unpaid|open) (?:commissions?|amounts?|payouts?)|commissions? coming|"
        r"what (?:am i|are we) (?:owed|getting|due)|every deal|each deal|all deals"
    ),
    "de": (
        r"all(?:e|en|er) (?:meine\w*|unsere\w*|offenen?|gewonnenen?|die)? ?(?:\w+ )?(?:deals|projekte\w*|"
        r"provisionen|kunden)|"
        r"übersicht|überblick|insgesamt|gesamt|bisher|bislang|ausstehen\w*|offene\w* provision\w*|noch offen|"
        r"noch aus|"
        r"noch (?:zu )?(?:erwarten|kommt|bekommen)|steht (?:\S+ ){0,3}?(?:noch )?aus|verdient|schuldet|"
        r"kommt (?:\S+ ){0,2}?noch|pipeline|"
        r"(?:erwartete|geplante|genehmigte|freigegebene)\w* provision\w*|pro deal"
    ),
    "fr": (
        r"(?:toutes|tous) (?:mes|nos|les) (?:\w+ )?(?:affaires|deals|dossiers|commissions|clients)|ensemble de|"
        r"recapitulatif|"
        r"vue d'ensemble|apercu|au total|en tout|jusqu'ici|a ce jour|en attente|reste (?:a|encore)|a venir|"
        r"avons-nous (?:gagne|touche|accumule)|nous devez|pipeline|commissions (?:attendues|prevues|acquises|"
        r"approuvees)"
    ),
    "nl": (
        r"al(?:le|) (?:mijn|onze|de|open|gewonnen)? ?(?:\w+ )?(?:deals|commissies|klanten|projecten)|overzicht|"
        r"in totaal|"
        r"alles bij elkaar|tot nu toe|tot nog toe|openstaand\w*|staat (?:\S+ ){0,4}?(?:nog )?open|nog (?:te|"
        r"open|krijgen)|"
        r"verdiend|komt er nog|schuldig|pipeline|(?:verwachte|geplande|goedgekeurde) commissie\w*|per deal"
    ),
    "es": (
        r"tod(?:as|os) (?:mis|nuestr[ao]s|las|los) (?:\w+ )?(?:operaciones|deals|comisiones|clientes|"
        r"oportunidades)|resumen|"
        r"vision general|en total|hasta ahora|hasta la fecha|pendientes?|por (?:cobrar|llegar)|nos deb\w+|pipeline|"
        r"hemos (?:ganado|acumulado|devengado|generado)|llevamos|comisiones (?:esperadas|previstas|aprobadas)"
    ),
})  # fmt: skip

RATE = patterns({
    "en": r"rates?|percent\w*|%|plan|percentage|tier|level|band\w*|how does|in general",
    "de": r"satz|sätze|prozent\w*|plan|staffel\w*|stufe\w*|generell|grundsätzlich|provisionssatz|provisionssätze",
    "fr": r"taux|pour ?cent\w*|pourcentage|plan|bareme|niveau|palier\w*|en general",
    "nl": r"percentages?|procent|plan|schijf|schijven|niveau|tarief|tarieven|in het algemeen",
    "es": r"porcentajes?|tasas?|por ciento|plan|tramos?|nivel|en general|tarifa\w*",
})  # fmt: skip

COMMISSION = patterns({
    "en": r"commissions?|commission-wise",
    "de": r"\w*provision\w*",
    "fr": r"commissions?",
    "nl": r"commissie\w*|provisie\w*",
    "es": r"comision\w*",
})  # fmt: skip
OWN_PLAN = patterns(
    {
        "en": r"(?<!under )(?<!with )(?<!in )(?<!on )(?:our|my) plan",
        "de": r"(?:unser|mein)(?:en)? plan",
        "fr": r"(?<!selon )(?<!avec )(?<!dans )(?:notre|mon) plan",
        "nl": r"(?<!volgens )(?<!onder )(?<!in )(?:ons|mijn) plan",
        "es": r"(?<!con )(?<!segun )(?<!en )(?:nuestro|mi) plan",
    }
)

GET_PAID = patterns(
    {
        "en": r"(?:get|be|are|am|being) paid|pays? (?:us|me)|our money",
        "de": r"bezahlt|ausgezahlt|unser geld|zahlen sie|zahlt ihr",
        "fr": r"payes?|verse|notre argent|reglee?s?",
        "nl": r"betaald|uitbetaald|ons geld",
        "es": r"(?:nos|me) paga\w*|cobra(?:mos|remos|r)|nuestro dinero",
    }
)

HOW_MUCH = patterns(
    {
        "en": r"(?:what|how much)\b.*\b(?:get|earn|receive|make|be paid|are we paid)|(?:get|be) paid\b.*\bhow much",
        "de": (
            r"(?:was|wie ?viel)\b.*\b(?:bekomm\w*|erhalt\w*|verdien\w*|kriegen|uns\b.*\b(?:aus)?gezahlt)|"
            r"(?:bekomm\w*|erhalt\w*)\b.*\bwie ?viel"
        ),
        "fr": (
            r"(?:combien|que|qu'est-ce que)\b.*\b(?:touch\w*|gagn\w*|recev\w*|percev\w*|vers\w*)|"
            r"(?:touch\w*|recev\w*)\b.*\bcombien"
        ),
        "nl": (
            r"(?:wat|hoeveel)\b.*\b(?:krijg\w*|verdien\w*|ontvang\w*|uitbetaald)|"
            r"(?:krijg\w*|ontvang\w*)\b.*\bhoeveel"
        ),
        "es": (
            r"(?:cuanto|que)\b.*\b(?:cobra\w*|gana\w*|recib\w*|percib\w*|pag\w*)|"
            r"(?:cobra\w*|pag\w*|recib\w*)\b.*\bcuanto"
        ),
    }
)

WHEN = patterns(
    {
        "en": "when|(?:by|on) what date",
        "de": "wann|zu welchem termin",
        "fr": "quand|a quelle date",
        "nl": "wanneer|op welke datum",
        "es": "cuando|en que fecha",
    }
)

SEND = patterns({
    "en": r"(?:re-?)?send|forward|e-?mail (?:me|us)|mail (?:me|us)|get|have|provide|share|give|need|like|see",
    "de": (
        r"schick\w*|send\w*|zusend\w*|zuschick\w*|zukommen|weiterleit\w*|bekommen|haben|zustell\w*|mailen|brauch\w*|bräucht\w*|"
        r"benötig\w*|geben|erneut"
    ),
    "fr": (
        r"r?envoy\w+|renvoi\w*|transmet\w*|faire parvenir|avoir|donn\w+|recevoir|adress\w+|besoin|communiqu\w+"
    ),
    "nl": (
        r"st(?:uur|uren)\w*|mail (?:me|mij|ons)|mailen|doorsturen|opsturen|toesturen|toezenden|zend\w*|hebben|"
        r"krijgen|"
        r"bezorg\w*|nodig|geven"
    ),
    "es": (
        r"(?:re)?envi\w*|mand\w*|remit\w*|pas(?:ar|en|a|ad|adme|adnos)\w*|tener|recibir|necesit\w*|facilit\w*|"
        r"dar(?:me|nos)?"
    ),
})  # fmt: skip
SENT = patterns({
    "en": r"(?:re-?)?send(?! (?:you|our|my|the invoice))|forward|e-?mail (?:me|us)|mail (?:me|us)",
    "de": (
        r"schick\w* (?:\S+ ){0,3}?(?:mir|uns|bitte)|(?:mir|uns) (?:\S+ ){0,8}?(?:zu)?(?:schick\w*|send\w*|"
        r"zukommen)|send\w* (?:\S+ ){0,2}?(?:mir|uns)"
    ),
    "fr": r"r?envo(?:yer|yez|ie|yez-nous|yez-moi)\w*|faire parvenir|transmett\w+|transmettez",
    "nl": (
        r"st(?:uur|uren) (?:\S+ ){0,2}?(?:me|mij|ons)|(?:me|mij|ons) (?:\S+ ){0,8}?(?:door|op|toe)?sturen|"
        r"toezenden|mail (?:me|mij|ons)"
    ),
    "es": r"(?:re)?envi(?:ar|en|ad|e|a)(?:me|nos)?\w*|mand(?:ar|en|ad|e|a)(?:me|nos)?\w*|remit\w*",
})  # fmt: skip
"""Verbs that are about sending to the sender, and nothing else."""
AGAIN = patterns({
    "en": r"again|once more|resend|re-send|copy|copies|pdf|another copy|one more time|as a file|attachment",
    "de": r"noch ?(?:ein)?mal|nochmals?|erneut|kopie|pdf|abermals|wieder",
    "fr": r"renvoy\w+|renvoi\w*|de nouveau|a nouveau|encore une fois|copie|pdf|duplicata",
    "nl": r"nog ?(?:eens|een keer|maals)|nogmaals|opnieuw|kopie|pdf",
    "es": r"otra vez|de nuevo|nuevamente|reenvi\w*|copia|pdf|duplicado",
})  # fmt: skip
STATEMENT = patterns({
    "en": r"(?:commission |payout )?statements?|s-\d{4}-\d{2}\S*",
    "de": r"[\w-]*abrechnung\w*|statement\w*|s-\d{4}-\d{2}\S*",
    "fr": r"releves?|decompte\w*|statement\w*|s-\d{4}-\d{2}\S*",
    "nl": r"[\w-]*afrekening\w*|statement\w*|s-\d{4}-\d{2}\S*",
    "es": r"extractos?|liquidacion\w*|statement\w*|s-\d{4}-\d{2}\S*",
})  # fmt: skip
PLAN = patterns({
    "en": (
        r"(?:commission|compensation|payment|pay|payout|partner|reward) plans?|plan (?:page|document|summary|sheet)|"
        r"one[- ]pager (?:\S+ ){0,3}?(?:commission|plan)"
    ),
    "de": r"provisionspl[aä]n\w*|vergütungspl[aä]n\w*|provisionsmodell\w*|plan (?:\S+ )?provision\w*",
    "fr": r"plans? de commission\w*|plan de remuneration|bareme de commission\w*",
    "nl": r"commissieplan\w*|provisieplan\w*|vergoedingsplan\w*|beloningsplan\w*",
    "es": r"plan(?:es)? de comision\w*|plan de remuneracion|plan de retribucion",
})  # fmt: skip
HOW_IT_PAYS = patterns({
    "en": (
        r"how (?:does|do) (?:the |your |you |we )?(?:\w+ )?(?:program(?:me)? |partners )?(?:pay|get paid|"
        r"remunerate)(?: (?:us|out|partners))?"
    ),
    "de": (
        r"wie (?:zahlt|vergütet|bezahlt) (?:das|euer|ihr|lumora\w*) ?(?:\w+)?(?: uns)?|wie werden (?:wir|"
        r"partner) (?:bezahlt|vergütet)"
    ),
    "fr": (
        r"comment (?:le |votre )?(?:\w+ )?programme (?:nous )?(?:paie|paye|remunere)\w*|comment (?:sommes-nous|"
        r"est-on) (?:payes?|remuneres?)"
    ),
    "nl": (
        r"hoe (?:betaalt|vergoedt|beloont) (?:het|jullie) ?(?:\w+)?|hoe worden (?:wij|we|partners) (?:betaald|"
        r"beloond)"
    ),
    "es": r"como (?:nos )?(?:paga|remunera|retribuye) (?:el|su|vuestro) ?(?:programa)?|como (?:nos )?pagan",
})  # fmt: skip

DISPUTE = patterns({
    "en": (
        r"disputes?|objections?|complaints?|(?:commission )?claims?|contestation|query about (?:the )?(?:line|"
        r"statement)"
    ),
    "de": r"einw[aä]nd\w*|einspr[uü]ch\w*|reklamation\w*|beanstandung\w*|widerspr[uü]ch\w*|beschwerde\w*|dispute?\w*",
    "fr": r"contestations?|reclamations?|litiges?|objections?|desaccords?",
    "nl": r"bezwa(?:ar|ren)|geschil\w*|klachten?|klacht|betwisting\w*|dispuut",
    "es": r"reclamaci(?:on|ones)|disputas?|objeci(?:on|ones)|quejas?|impugnaci(?:on|ones)|alegaci(?:on|ones)",
})  # fmt: skip
FOLLOW = patterns({
    "en": (
        r"what about|(?:became|become|came) of|"
        r"any (?:news|update|progress|word)|status|where (?:are|is|do|does)|how (?:is|are|far|does)|"
        r"update|"
        r"heard|decided|resolved|still open|happening|happened|look(?:ed)? (?:at|into)|when will|progress|stand|"
        r"chasing|follow"
    ),
    "de": (
        r"was (?:ist|wird|wurde) (?:mit|aus)|"
        r"was macht|neues|stand|wie (?:steht|weit|sieht)|schon (?:\S+ )?(?:entschieden|geklärt|geprüft|"
        r"angeschaut)|entschieden|geklärt|bearbeitet|wann|noch offen|update|gehört|nachfragen|rückmeldung"
    ),
    "fr": (
        r"que devient|qu'est devenue?|"
        r"ou en (?:est|sont|etes)|des nouvelles|du nouveau|quoi de neuf|statut|avance\w*|decid\w*|decision|"
        r"traite\w*|quand|"
        r"qu'en est-il|suivi|regard\w*|tranch\w*"
    ),
    "nl": (
        r"hoe (?:staat|zit|ver|gaat)|nieuws|status|stand van zaken|al (?:\S+ )?(?:besloten|beslist|bekeken|"
        r"duidelijk)|"
        r"beslist|wanneer|hoever|update|gehoord|afgehandeld|wat is er met"
    ),
    "es": (
        r"como (?:va|van|esta|estan|sigue)|novedad\w*|noticias|estado|en que (?:punto|estado|situacion)|"
        r"decidi\w*|resuel\w*|"
        r"cuando|que (?:hay|pasa|ha pasado)|sabe\w* algo|avance\w*|seguimiento"
    ),
})  # fmt: skip
TAKE_BACK = patterns({
    "en": (
        r"withdraw(?:ing|n|al)?|take back|taking back|drop(?:ping)?|cancel(?:l?ing)?|forget|retract(?:ing)?|"
        r"close|closing|"
        r"never mind|scrap|disregard|no longer (?:dispute|object|contest)|let go of|give up"
    ),
    "de": (
        r"zurückzieh\w*|(?:zieh\w*|nehm\w*|nimm) (?:\S+ ){0,8}?zurück|zurücknehm\w*|zurückgezogen|fallen ?lassen|"
        r"lass\w* (?:\S+ ){0,6}?fallen|vergesst|vergessen sie|vergiss|stornier\w*|hat sich erledigt|erledigt|"
        r"hinfällig|"
        r"schließ\w*|nicht weiter verfolg\w*|zurückzuziehen|zurückzunehmen"
    ),
    "fr": (
        r"retir\w+|annul\w+|laiss\w+ tomber|abandonn\w+|renon\w+|oubli(?:ez|e|ons)|clotur\w+|ferm(?:ez|er|ons)|"
        r"revenons sur"
    ),
    "nl": (
        r"intrek\w*|(?:trek\w*) (?:\S+ ){0,6}?(?:in|terug)|ingetrokken|laat (?:\S+ ){0,5}?vallen|"
        r"laten (?:\S+ ){0,5}?vallen|terugtrek\w*|"
        r"vergeet|annuleer\w*|annuleren|neem (?:\S+ ){0,5}?terug|afsluiten|sluit|vervalt|in te trekken|"
        r"zien (?:\S+ ){0,4}?af van"
    ),
    "es": (
        r"retir\w+|anul\w+|olvid\w+|dej(?:amos|o|en|ad|ar)\w*|desist\w+|renunci\w+|cierr\w+|cerr(?:ar|ad|amos)|"
        r"cancel\w+"
    ),
})  # fmt: skip

STEMS = stems(
    folded(
        "why warum wieso weshalb pourquoi waarom hoezo por how wie comment hoe como explain erklär erläuter "
        "explique leg where "
        "d'où dou where waar de woraus herleitung rechenweg break desglose what was wat que if wenn si als "
        "suppose assuming "
        "angenommen supposons stel suponiendo would würde all alle tous toutes todas todos overview übersicht "
        "récapitulatif "
        "overzicht resumen total insgesamt tout send resend forward schick send zusend envoy renvoy "
        "stuur sturen mail envi "
        "reenvi mand plan provisionsplan commissieplan dispute objection complaint claim einwand einspruch reklamation "
        "beanstandung widerspruch beschwerde contestation réclamation litige bezwaar geschil klacht "
        "betwisting reclamación "
        "disputa objeción queja line lines position zeile ligne regel línea statement abrechnung relevé "
        "afrekening extracto "
        "earned verdient gagné verdiend ganado pending ausstehend openstaand pendiente combien "
        "cuánto hoeveel much viel "
        "détail détails ou look looked calcul berekening et und en and y with mit avec met con "
        "imagine bring bringt brächte a"
    )
)
