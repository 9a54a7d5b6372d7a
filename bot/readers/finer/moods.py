"""How a sentence says its verb: as a wish, denied, supposed, asked in general, told of the past or of others."""

from __future__ import annotations

import re

from bot.readers.finer.sentences import Sentence, pattern

Patterns = dict[str, re.Pattern[str]]
LANGUAGES = ("en", "de", "fr", "nl", "es")


def patterns(written: dict[str, str]) -> Patterns:
    return {language: pattern(said) for language, said in written.items()}


ASKING = patterns({
    "en": (
        r"please|pls|plz|kindly|(?:can|could|would|will|may|might) (?:you|we|i|u|this|that|it|the|our|someone|"
        r"[\w-]+ (?:\w+ )?be)|is it possible|it be possible|possible to|(?:i|we)(?:'d| would) (?:\w+ )?(?:like|love|"
        r"want|need|prefer)|(?:i|we) (?:\w+ )?(?:want|wish|need|ask|request|hope|have)|need(?:ed|s)?|request(?:ing)?|"
        r"asking|apply(?:ing)?|grateful|appreciate|let's|you (?:can|may|could|should)|feel free|go ahead|"
        r"would be (?:great|good|nice|lovely|helpful)|any chance|how about|would you mind|help us|grant|give us|"
        r"we (?:will|are going to|have decided to|decided to)|we're going to|we'll|i'll|hereby"
    ),
    "de": (
        r"bitten?|bitt'|könn(?:t?en|t|tet|test)|kann(?:st)?|würde(?:n|t|st)?|dürf\w+|wollen|will|möcht\w+|"
        r"wünsch\w+|hätten?|bräucht\w+|brauch\w+|beantrag\w+|ersuch\w+|gern\w*|lasst|\w+en sie|hiermit|benötig\w+|"
        r"wär\w*|möglich|\w+t ihr|mal|antrag"
    ),
    "fr": (
        r"merci de|merci d'\w+|veuillez|s'il (?:vous|te) plait|svp|stp|pouvez|pourriez|peux-tu|pourrais-tu|peut-on|"
        r"pourrait-on|pouvons|est-il possible|serait-il possible|possible d[e']|souhait\w+|voudr\w+|voulons|veux|"
        r"aimer\w+|besoin|demand\w+|il (?:nous )?faudrait|il faut|sollicit\w+|accord\w+|vous pouvez|tu peux|"
        r"par la presente|je vous prie|auriez|prier de|on peut|peut|pourrait"
    ),
    "nl": (
        r"graag|gelieve|alsjeblieft|alstublieft|aub|a\.u\.b|kun(?:nen|t|nt)?|kan|zou(?:den)?|wil(?:len|t)?|mag|mogen|"
        r"verzoek\w*|vragen|vraag|nodig|wens\w*|hierbij|mogelijk|jullie mogen|u mag|maar|liefst"
    ),
    "es": (
        r"por favor|porfa|pueden?|puedes|podeis|podria\w*|podemos|quer\w+|quisier\w+|quiero|deseamos|desear\w+|"
        r"necesit\w+|solicit\w+|pedi\w+|rog\w+|ruego|agradec\w+|gustaria|seria posible|es posible|se puede|"
        r"nos (?:dan|dais|conceden)|hagan|haced|por la presente|hace falta"
    ),
})  # fmt: skip
"""Words by which somebody wants something."""

OWN = patterns({
    "en": r"we|i|we're|i'm|we'll|us",
    "de": r"wir|ich",
    "fr": r"nous|je|on",
    "nl": r"wij|we|ik",
    "es": r"nosotros|yo|\w+[aei]mos",
})  # fmt: skip
"""Words by which somebody speaks of what he does himself."""

NEGATED = patterns({
    "en": (
        r"not(?! (?:only|sure))|\w+n't(?! (?:mind|forget))|never|no (?:need|reason|intention|plans?|longer (?:need|want"
        r"|require)\w*)|without|instead of|rather than|avoid|refrain|neither|nor|no more (?:need|reason)|unnecessary"
    ),
    "de": (
        r"nicht(?! (?:vergessen|nur))|kein\w*|nie|niemals|ohne|statt|anstatt|weder|unnötig|keinesfalls|erübrigt|"
        r"überflüssig"
    ),
    "fr": r"ne (?!manquez)|n'|pas|jamais|aucune?|sans|plutot que|au lieu de|inutile|ni",
    "nl": r"niet(?! (?:vergeten|alleen))|geen|nooit|zonder|in plaats van|noch|onnodig|hoeven|hoeft",
    "es": r"no(?! (?:solo|olvid))|nunca|jamas|sin|en vez de|en lugar de|ni|tampoco|ningun\w*",
})  # fmt: skip

SUPPOSED = patterns({
    "en": (
        r"in case|suppos\w+|assuming|before (?:we|you|they|i)|until (?:we|they|you|i)|shall (?:we|i)|should (?:we|"
        r"they|i)|would (?:we|it mean)|had we|when we|"
        r"thinking (?:of|about)|consider\w*|whether(?! you (?:could|can))|may have to|might (?:have to|need)|"
        r"maybe we|perhaps we|do (?:we|i) (?:have|need) to|must (?:we|i)|not sure|know (?:if|whether)"
    ),
    "de": (
        r"soll(?:t?en wir| ich|te ich)|sollte(?= \w+ \w+ \w+n)|bevor|ehe|überleg\w*|erwäg\w*|ob(?! (?:sie|ihr|du))|"
        r"vielleicht|eventuell|evtl|"
        r"muss (?:man|ich|die|der|eine)|müssen wir|angenommen|im fall\w*|müssten"
    ),
    "fr": (
        r"au cas ou|en cas de|avant (?:de|que)|envisag\w*|reflechi\w*|peut-etre|suppos\w+|faut-il|doit-on|savoir si|"
        r"devons-nous|"
        r"devrions|a supposer"
    ),
    "nl": (
        r"zullen we|voordat|overweg\w*|misschien|"
        r"stel dat|moeten we|moet (?:ik|een)|of (?:we|wij|ik|het|dat|de|er|dit)|in geval|eventueel"
    ),
    "es": (
        r"deberiamos|en caso de|antes de|quiza\w*|tal vez|"
        r"a lo mejor|suponiendo|saber si|pensando|plante\w+|hay que|debemos|tenemos que"
    ),
})  # fmt: skip
"""What is weighed or supposed, not wanted."""

IF = patterns({
    "en": (
        r"(?:if|unless|once)(?! (?:you (?:could|can|would|don't mind)|possible|that's (?:ok|fine|possible)|"
        r"that works))"
    ),
    "de": r"(?:wenn|falls|sofern|sobald)(?!.{0,80}(?:könnten|könntest|könntet|würden sie|würdet|möglich))",
    "fr": (
        r"(?:si|s'ils?|des que)(?! (?:vous (?:pouviez|pouvez|pourriez|le voulez)|possible|vous plait|te plait|"
        r"c'est possible))"
    ),
    "nl": r"(?:als|indien|zodra)(?!.{0,60}(?:kunnen|kunt|zouden|zou|mogelijk))",
    "es": r"(?:si(?= )|cuando)(?! (?:pudier\w+|puede\w*|podeis|es posible|fuera posible|por favor|gracias|claro))",
})  # fmt: skip
"""What a whole sentence hangs on, where a clause opens with it; a polite "if you could" is none of it."""

WH = patterns({
    "en": (
        r"how(?! about)(?: \w+)?|what|when(?= (?:do|does|will|can|is|are))|why|which|where|who|is it true|does|"
        r"do (?:i|we"
        r"|partners|you (?:ever|usually|normally))|are (?:there|registrations|partners)|is there(?! (?:a|"
        r"any) (?:chance|"
        r"way))"
    ),
    "de": (
        r"wie(?! (?:besproch|vereinbar|gesagt|angekündig|telefonisch|schon|bereits|immer|abgesproch)\w*)|was|wann|"
        r"warum|wieso|weshalb|welche\w*|wo|wer|inwiefern|gibt es|ab wann|bis wann"
    ),
    "fr": (
        r"comment|combien|quand|pourquoi|quel\w*|qui|ou en|qu'est-ce|que se passe|a quelles? \w+|y a-t-il|"
        r"existe-t-il|jusqu'a quand"
    ),
    "nl": r"hoe|wat|wanneer|waarom|welke?|waar|wie|is er|tot wanneer|hoelang|hoeveel",
    "es": (
        r"como(?= (?:se|puedo|podemos|hacemos|hago|funciona|hay))|que (?:pasa|ocurre|sucede|hay)|cuant\w+|cuando|"
        r"por que|cual\w*|donde|quien|hasta cuando|hay alguna"
    ),
})  # fmt: skip
"""Words that open a question for something to know."""

_GENERAL = patterns({
    "en": (
        r"in general|generally|usually|normally|ever|later(?! than)|at all|several times|twice|more than once|"
        r"automatically|how (?:often|many times)|(?:a|any|each|every) (?:deal )?(?:registration|protection|deal)|"
        r"(?:registrations|protections|deals) (?:be|get)|one (?:can|may)|policy|rules?|allowed"
    ),
    "de": (
        r"generell|grundsätzlich|überhaupt|normalerweise|allgemein|im nachhinein|nachträglich|später|mehrmals|"
        r"mehrfach|zweimal|automatisch|ein(?:e|en|er|em)? (?:\w+ )?(?:registrierung|anmeldung|schutz|deals?|"
        r"dealregistrierung)|(?:kann|können|könnte|darf|dürfen) (?:man )?(?:registrierungen|anmeldungen|deals)|man|"
        r"regel\w*|erlaubt"
    ),
    "fr": (
        r"en general|generalement|normalement|plus tard|plusieurs fois|deux fois|automatiquement|"
        r"un (?:enregistrement|deal)|une (?:protection|affaire|opportunite)|les (?:enregistrements|protections)|"
        r"des (?:enregistrements|protections)|regles?"
    ),
    "nl": (
        r"in het algemeen|normaal|gewoonlijk|later|achteraf|meerdere keren|vaker|twee keer|automatisch|"
        r"een (?:registratie|bescherming|deal)|registraties|men|regels?"
    ),
    "es": (
        r"en general|normalmente|mas tarde|mas adelante|despues|varias veces|dos veces|automaticamente|"
        r"un (?:registro|deal)|una (?:proteccion|operacion|oportunidad)|los registros|reglas?|norma"
    ),
})  # fmt: skip

_AND_HOW = re.compile(r"\b(?:and|und|et|en|y|,) (?:a |unter |under |bis |for |fur |pour |tot |hasta )?")
_QUESTIONED = re.compile(
    r"\W*(?:(?:and|und|et|en|y|hi|hello|hallo|hola|bonjour)\W+)?(?:can|could|may|do|does|is|are|kann|können|könnte|"
    r"darf|"
    r"dürfen|ist|peut|est-ce|kan|kunnen|mag|mogen|se puede|pueden?)\b"
)

DONE = patterns({
    "en": (
        r"(?<!can )(?<!could )(?<!may )(?:you|we|they|i|he|she)(?:'ve| have| had)(?! (?:to|decided))|has|had|was|were|"
        r"(?:have|has|had) been|did|thanks? (?:you )?(?:\w+ )?for|got (?:it )?(?:\w+ed)|glad|already|"
        r"why|sorry (?:for|that)"
    ),
    "de": (
        r"haben(?! möchten)|habt|hat|hast|hatten?|wurde[n]?|worden|war(?:en)?|danke\w*|dank|bereits|schon|gefreut"
    ),
    "fr": r"a(?:vons|vez|it|vait)? ete|avons|avez(?!-vous pu)|ont|avaient|merci (?:d'avoir|pour)|deja|(?:a|ai|as) \w+e",
    "nl": r"hebben(?! we)|hebt|heeft|had(?:den)?|werd(?:en)?|is (?:al )?\w*ge\w+|bedankt voor|dank voor|al",
    "es": r"ha(?:n|s|beis|bia\w*)?|hemos|fue(?:ron)?|gracias por|ya (?:ha|fue|esta)\w*",
})  # fmt: skip
"""What was done already, or by others: nobody wants it."""

OTHERS = patterns({
    "en": (
        r"(?:the |our |their )?(?:customer|client|prospect|buyer|board|cfo|cio)s?|they|he|she|competitor|someone else"
    ),
    "de": r"(?:der |die |unser |unsere |dem )?(?:kund\w+|interessent\w*|einkauf|vorstand|wettbewerb\w*)|er|mitbewerber",
    "fr": r"(?:le |la |notre |leur )?(?:client\w*|prospect|direction|acheteur)|ils?|elles?|concurrent",
    "nl": r"(?:de |onze |hun )?(?:klant\w*|prospect|directie|inkoop)|hij|ze|zij|concurrent",
    "es": r"(?:el |la |nuestro |su )?(?:cliente\w*|direccion|comprador)|ellos|competidor",
})  # fmt: skip
"""Whoever is not the sender, as the one who does something."""


def says(written: Patterns, text: str) -> bool:
    """Whether the text says it in any language."""
    return any(pattern.search(text) for pattern in written.values())


def is_meant(sentence: Sentence, start: int, end: int, language: str) -> bool:
    """Whether nothing in the sentence takes the verb at start..end back."""
    return not (
        is_denied(sentence, start, end, language)
        or is_supposed(sentence, start, end, language)
        or is_done(sentence, start, end, language)
        or is_in_general(sentence, start, language)
    )


def is_denied(sentence: Sentence, start: int, end: int, language: str) -> bool:
    clause = sentence.clause(start, end)
    return bool(NEGATED[language].search(clause) or _DENIED_IN_ANY.search(clause))


# A verb may be one of several languages, and these words deny it in each of theirs.
_DENIED_IN_ANY = pattern(
    r"pas(?! seulement)|jamais|nicht(?! (?:nur|vergessen))|niet(?! (?:alleen|vergeten))|kein\w*|geen|never|nunca|"
    r"(?:do|does|did|is|was|wo|should|would)n't(?! (?:forget|mind))"
)


def is_supposed(sentence: Sentence, start: int, end: int, language: str) -> bool:
    """Whether the clause, or the one that it hangs on, weighs instead of wanting."""
    if SUPPOSED[language].search(sentence.clause(start, end)):
        return True
    return any(
        sentence.opens(m.start()) and not sentence.raw[m.start() : m.end()].lower().startswith("sí")
        for m in IF[language].finditer(sentence.text)
    )


def is_in_general(sentence: Sentence, start: int, language: str) -> bool:
    """Whether something is to be known: how, when, whether it can be done at all."""
    if (sentence.asks or _QUESTIONED.match(sentence.text)) and _GENERAL[language].search(sentence.text):
        return True
    asked = WH[language].search(sentence.text[:start])
    further = _AND_HOW.finditer(sentence.text, start) if sentence.asks else ()
    if any(WH[language].match(sentence.text, one.end()) for one in further):
        return True
    return bool(asked and (sentence.opens(asked.start()) or sentence.asks))


def is_done(sentence: Sentence, start: int, end: int, language: str) -> bool:
    return bool(DONE[language].search(sentence.clause(start, end)))


def is_wanted(sentence: Sentence, start: int, end: int, language: str) -> bool:
    """Whether the sender wants what the verb at start..end says: it asks, orders, or says that it does so itself."""
    clause = sentence.clause(start, end)
    asked = ASKING[language].search(sentence.text)
    if OTHERS[language].search(clause.split(sentence.text[start:end])[0]) and not ASKING[language].search(clause):
        return False
    return bool(asked or OWN[language].search(clause) or sentence.opens(start))
