"""How people say where, in which language, and of what they want to be written to."""

from __future__ import annotations

from bot.readers.finer.moods import patterns
from bot.readers.finer.sentences import pattern

SLACK = pattern(r"(?:#)?slack(?:[- ]?(?:channel|kanal|kanaal|canal|messages?|nachrichten|dm|chat))?")
MAIL = pattern(
    r"e[- ]?mails?|mails?|courriels?|mel|correos?(?: electronicos?)?|mailbox|posteingang|inbox|post ?fach|boite mail|"
    r"buzon"
)
BOTH = pattern(
    r"both|either|beides?|auf beiden wegen|beide (?:wege|kanäle|kanalen|manieren)|les deux|allebei|ambos|ambas|los dos|"
    r"las dos|as well as|sowohl|a la fois|zowel|tanto"
)
ONLY = pattern(
    r"only|just|exclusively|solely|nothing but|nur(?: noch)?|ausschließlich|bloß|lieber|am liebsten|seulement|"
    r"uniquement|"
    r"exclusivement|que|plutot|alleen|enkel|uitsluitend|slechts|liever|liefst|solo|solamente|unicamente|exclusivamente|"
    r"mejor|prefi?er\w*|bevorzug\w*|rather|instead|please use|from now on|in future|going forward|künftig|ab (?:jetzt|"
    r"sofort)|"
    r"in zukunft|von nun an|desormais|dorenavant|a partir de maintenant|a l'avenir|voortaan|vanaf nu|in het vervolg|"
    r"a partir de ahora|de ahora en adelante|en adelante|en lo sucesivo|voorkeur|"
    r""
    r"works better"
)
DESCRIBED = pattern(
    r"(?:i|we|you) (?:only |just |always )?(?:get|got|receive|received|have) |(?:ich|wir) (?:bekomm|krieg|erhalt)\w*|"
    r"(?:bekomm|krieg|erhalt)\w* (?:ich|wir)|(?:je|nous|on) (?:ne )?(?:recois|recevons|recoit)|(?:ik|we|wij) (?:krijg|"
    r"ontvang)\w*|"
    r"(?:krijg|ontvang)\w* (?:ik|we|wij)|recibo|recibimos|me llegan?|nos llegan?"
)
"""Somebody tells how it is, not how he wants it."""
SOMEBODY = pattern(r"somebody|someone|anybody|anyone|a person|jemand\w*|quelqu'un|iemand|alguien|human|mensch\w*|mens")
NOT_BY = pattern(
    r"(?:no (?:more )?|skip (?:the )?|not (?:by|via|in|on|through)? ?|stop (?:the |with )?|without |instead of |rather "
    r"than |keine? "
    r"(?:weiteren )?"
    r"|nicht (?:mehr )?(?:per|via|über|in|auf)? ?|(?:an)?statt (?:per |via |über |in |auf )?|pas (?:de |d'|par |via |"
    r"sur )?|"
    r"plus (?:de |d'|par )|au lieu de |plutot que (?:par |de |sur )?|geen |niet (?:meer )?(?:per|via|op|in)? ?|in "
    r"plaats van "
    r"(?:per |via |op )?|no (?:por |mas )?|nada de |ya no (?:por )?|sin |en (?:lugar|vez) de (?:por )?)"
    r"(?P<what>slack\w*|e[- ]?mails?|mails?|courriels?|correos?)"
)
TELL = patterns({
    "en": (
        r"write|read|send|message|contact|reach|tell|inform|notify|ping|post|reply|answer|announce\w*|news|updates?|"
        r"communicat\w*|"
        r"messages|notifications?|information|get|receive|hear from you|everything"
    ),
    "de": (
        r"schreib\w*|schick\w*|send\w*|kontaktier\w*|erreich\w*|inform\w*|meld\w*|benachrichtig\w*|mitteil\w*|"
        r"antwort\w*|"
        r"ankündigung\w*|neuigkeiten|nachrichten|infos?|erhalten|bekommen|kommuni\w*|alles|mitteilungen"
    ),
    "fr": (
        r"ecri\w*|envo\w*|contact\w*|joindre|joignez|inform\w*|prevenez|prevenir|avert\w*|repon\w*|annonces?|nouvelles|"
        r"messages|infos?|recevoir|communi\w*|passe\w*|tout"
    ),
    "nl": (
        r"schrijf\w*|schrijven|stuur\w*|sturen|contact\w*|bereik\w*|informe\w*|bericht\w*|meld\w*|antwoord\w*|"
        r"aankondiging\w*|nieuws|info|ontvang\w*|communi\w*|krijg\w*|alles"
    ),
    "es": (
        r"escrib\w*|envi\w*|mand\w*|contact\w*|inform\w*|avis\w*|respond\w*|contest\w*|anuncios?|noticias|novedades|"
        r"mensajes|"
        r"recib\w*|comuni\w*|notifi\w*|todo"
    ),
})  # fmt: skip
ELSEWHERE = pattern(
    r"customers?|clients?|prospects?|buyer|kund\w+|interessent\w*|klant\w*|clientes?|attach\w*|anhang|brochures?|"
    r"broschüre\w*|"
    r"statements?|abrechnung\w*|releves?|afrekening\w*|liquidacion\w*|invoices?|rechnung\w*|factur\w*|facturen|"
    r"contracts?|"
    r"vertr[aä]g\w*|contrat\w*|contrato\w*|slides|folien|deck|pdf|files?|datei\w*|fichiers?|bestand\w*|archivos?|"
    r"quotes?|"
    r"angebot\w*|devis|offerte\w*|presupuesto\w*|integration\w*|feature\w*|funktion\w*|plugin|connector|versions?|"
    r"whitepaper|"
    r"one-?pager|price ?lists?|preisliste\w*|trainings?|schulung\w*|formations?|opleiding\w*|cursus\w*|cursos?|"
    r"formacion|"
    r"courses?|kurs\w*|webinar\w*|exams?|prüfung\w*|examen\w*|support|demo|video|aufzeichnung\w*|recording|documents?|"
    r"dokument\w*|documenten|documentos?|documentation|unterlagen|material\w*|certifi\w*|zertifi\w*|licen\w*|nda|"
    r"integrat\w+|product\w*|produkt\w*|data ?sheet\w*|datenbl\w+|case stud\w+|presentation\w*|präsentation\w*|"
    r"presentacion\w*|colleagues?|kolleg\w+|collegues?|collega\w*|companer\w+|event|veranstaltung|roadshow|speaker|"
    r"website|web|page|seite|site|portal|app|interface|oberfläche|manual|handbuch|guide|template|vorlage|leads?|deals?"
)
"""What a sentence is about that says in which way or language something else is to be had."""

LASTING = pattern(
    r"from now on|in (?:the )?future|going forward|from here on|künftig|in zukunft|ab (?:jetzt|sofort)|von nun an|"
    r"zukünftig|"
    r"desormais|dorenavant|a l'avenir|a partir de maintenant|voortaan|vanaf nu|in het vervolg|"
    r"a partir de ahora|(?:de ahora )?en adelante|en lo sucesivo|en el futuro"
)
"""That what is wished is meant for all that comes."""
IF_POSSIBLE = pattern(
    r"if (?:(?:that's|that is|it's|it is) )?(?:possible|ok|okay|alright)|(?:wenn|falls|sofern) (?:das |es )?(?:möglich|"
    r"geht)(?: ist)?|si (?:c'est |cela est )?possible|(?:indien|als) (?:dat |het )?(?:mogelijk|kan)(?: is)?|"
    r"si (?:es |fuera )?posible"
)

LANGUAGES_NAMED = {
    "en": "english|englisch|anglais|engels|ingles",
    "de": "german|deutsch|allemand|duits|aleman",
    "fr": "french|französisch|francais|frans|frances",
    "nl": "dutch|flemish|niederländisch|holländisch|neerlandais|nederlands|vlaams|neerlandes|holandes",
    "es": "spanish|spanisch|espagnol|spaans|espanol|castellano",
}
IN_LANGUAGE = pattern(
    r"(?P<how>(?:in|auf|en|in het|in der sprache|op zijn)(?: \w{1,8})? )?(?:a |passons a |to )?(?:l'|het "
    r")?(?P<language>" + "|".join(LANGUAGES_NAMED.values()) + r")(?:e[rnms]?|er sprache)?"
)
PREFERRED = pattern(
    r"prefi?er\w*|would rather|switch|lieber|bevorzug\w*|wechsel\w*|passons|passez|prefi?er\w+|liever|liefst|"
    r"overschakel\w*|mejor|"
    r"cambi\w*"
)
"""Wants one language rather than another, where no word says what is to be in it."""
SPEAK = pattern(
    r"(?:write|reply|answer|respond|speak|talk|communicat\w*|correspond|contact|message|switch|continue|address|"
    r"(?:e-?mails?|messages|announcements|news|updates|answers|replies)|"
    r"schreib\w*|antwort\w*|sprech\w*|kommuni\w*|weiter\w*|umstell\w*|wechsel\w*|(?:schick|send)\w* (?:sie )?(?:mir|"
    r"uns)|"
    r"mails|"
    r"nachrichten|ankündigungen|infos|"
    r"ecri\w*|repon\w*|parl\w*|communi\w*|correspond\w*|continu\w*|passe\w*|envoy\w*-(?:moi|nous)|annonces|courriels|"
    r"schrijf\w*|schrijven|antwoord\w*|sprek\w*|spreek|verder|overschakel\w*|stuur (?:me|mij|ons)|berichten|"
    r"aankondigingen|"
    r"escrib\w*|respond\w*|contest\w*|habl\w*|comuni\w*|segu\w*|sigan|envi\w*me|envi\w*nos|correos|mensajes|anuncios|"
    r"prefi?er\w*|bevorzug\w*|lieber|liever|mejor|voorkeur)"
)
FILLERS = pattern(
    r"please|pls|bitte|s'il vous plait|svp|stp|graag|alsjeblieft|alstublieft|aub|por favor|merci|danke|thanks|thank "
    r"you|gracias|"
    r"bedankt|from now on|in future|künftig|ab jetzt|ab sofort|desormais|dorenavant|voortaan|a partir de ahora|en "
    r"adelante|"
    r"only|nur|uniquement|alleen|solo|hi|hello|hallo|bonjour|hola|beste|dear|if possible|wenn möglich|si possible|"
    r"indien mogelijk|si es posible|lieber|rather|plutot|liever|mejor|next time|nächstes mal|noch|and|und|et|en|y|us|"
    r"uns|"
    r"nous|ons|nos|for (?:me|us)|für (?:mich|uns)|pour (?:moi|nous)|voor (?:mij|ons)|para (?:mi|nosotros)|all|team|the"
)

DIGEST = pattern(
    r"monthly (?:\w+ )?(?:summary|summaries|overviews?|digests?|report|update|e-?mail|mail|newsletter|recap|round-?up)|"
    r"(?:digest|summary|overview|report|update)s? (?:every|each|per|of the) month|digests?|"
    r"monats(?:übersicht\w*|bericht\w*|zusammenfassung\w*|mail\w*|überblick\w*|report\w*)|"
    r"monatlich\w* (?:\w+ )?(?:übersicht\w*|zusammenfassung\w*|bericht\w*|überblick\w*|mail\w*|update\w*|report\w*)|"
    r"(?:resumes?|recapitulatifs?|recap|bilans?|syntheses?|points?|apercus?|rapports?|courriels?|mails?) mensuel\w*|"
    r"(?:maand(?:overzicht\w*|bericht\w*|samenvatting\w*|mail\w*|rapport\w*|update\w*)|"
    r"maandelijks\w* (?:\w+ )?(?:overzicht\w*|samenvatting\w*|bericht\w*|mail\w*|update\w*|rapport\w*))|"
    r"(?:resumen|resumenes|informes?|sintesis|correos?|boletin|vision general) mensual\w*"
)
UNWANTED = pattern(
    r"no|not|n't|\w+n't|stop|cancel|without|unsubscribe|skip|never|less|turn off|switch off|end|leave out|opt out|drop|"
    r"kein\w*|nicht|abbestell\w*|verzicht\w*|abmeld\w*|einstell\w*|stopp\w*|brauch\w* (?:\w+ )?nicht|ohne|weglassen|"
    r"pas|plus|aucun\w*|arret\w*|cess\w*|desabonn\w*|desinscri\w*|inutile|sans|supprim\w*|"
    r"meld\w* (?:me|mij|ons) af|geen|niet|stop\w*|afmeld\w*|opzeggen|uitschrijv\w*|zonder|hoef\w*|"
    r"ya no|tampoco|dej\w*|cancel\w*|sin|suprim\w*|darme de baja|denme de baja|ningun\w*"
)
WANTED = pattern(
    r"please|pls|send|would like|i'd like|we'd like|want|yes|sign (?:me|us) up|subscribe|start|resume|again|turn on|"
    r"switch on|love|gladly|"
    r"keen|"
    r"add|get|receive|happy|interested|bitte|schick\w*|send\w*|hätt\w*|möcht\w*|gern\w*|ja|anmeld\w*|abonnier\w*|will|"
    r"wollen|"
    r"wieder|interess\w*|bekomm\w*|erhalt\w*|envoy\w*|veu\w*|voud\w*|voul\w*|souhait\w*|aimer\w*|oui|abonn\w*|recevoir|"
    r"recommenc\w*|"
    r"s'il vous plait|svp|volontiers|stuur\w*|graag|wil|willen|ontvang\w*|aanmeld\w*|inschrijv\w*|envi\w*|mand\w*|"
    r"quer\w*|"
    r"quier\w*|recibir|gustaria|suscrib\w*|apunt\w*|si|por favor|desea\w*"
)
MAILINGS = pattern(
    r"announcements?|newsletters?|mailings?|news|invitations?|mailing lists?|lists?|e-?mails|ankündigung\w*|"
    r"verteiler\w*|"
    r"rundmail\w*|rundschreiben|neuigkeiten|einladung\w*|annonces?|infolettres?|actualites|listes?|aankondiging\w*|"
    r"nieuws\w*|mailinglijst|lijst|anuncios?|boletin\w*|novedades|listas?|circulares"
)
REJOIN = patterns({
    "en": (
        r"(?:add|put|include|sign|take) (?:me|us) (?:back|again|up again|(?:back )?(?:on|to|in) (?:\w+ ){0,3}again)(?: "
        r"\w+)*|"
        r"(?:re-?)?subscribe (?:me|us) (?:again|back)?|re-?subscribe(?: (?:me|us))?|subscribe again|"
        r"(?:get|receive|have|hear|be sent|see|send (?:me|us)) (?:\w+ ){0,4}(?:announcements?|newsletters?|mailings?|"
        r"news|"
        r"invitations?) (?:\w+ ){0,2}again|(?:opt|opted) (?:me |us )?(?:back )?in(?: again)?|back (?:on|onto) (?:\w+ )?"
        r"(?:mailing )?list|unsubscribed by (?:mistake|accident)|undo (?:my|the|our) (?:unsubscri\w+|opt-?out)"
    ),
    "de": (
        r"wieder (?:\S+ ){0,5}?(?:aufnehmen|anmelden|eintragen|hinzufügen|abonnieren|zusenden|schicken|bekommen|"
        r"erhalten|"
        r"einschließen|auf den verteiler|in den verteiler|in die liste|auf die liste)|nehm\w* (?:sie )?(?:mich|uns) "
        r"(?:\S+ ){0,3}?wieder|trag\w* (?:sie )?(?:mich|uns) (?:\S+ ){0,3}?wieder|setz\w* (?:sie )?(?:mich|uns) (?:\S+ "
        r"){0,3}?wieder|(?:schick|send)\w* (?:sie )?(?:mir|uns) (?:\S+ ){0,5}?wieder|meld\w* (?:sie )?(?:mich|uns) "
        r"(?:\S+ "
        r"){0,4}?wieder an|(?:ankündigung\w*|rundmails?|einladung\w*|neuigkeiten) (?:\S+ ){0,5}?wieder|versehentlich "
        r"(?:\S+ )?abgemeldet|abmeldung (?:\S+ )?(?:rückgängig|zurück)\S*|wieder (?:dabei|drauf|rein) "
    ),
    "fr": (
        r"(?:re(?:abonn|inscri|ajout|mett|integr|intégr)\w*)-(?:moi|nous)(?: \S+)*|(?:me|nous) (?:reabonner|reinscrire|"
        r"remettre|rajouter|reintegrer)|(?:recevoir|avoir) (?:\S+ ){0,3}?(?:a nouveau|de nouveau|encore)(?: \S+){0,4}|"
        r"(?:a nouveau|de nouveau) (?:\S+ ){0,3}?(?:recevoir|vos annonces|vos actualites)|(?:inscri|abonn|"
        r"ajout)\w*-(?:moi|"
        r"nous) (?:\S+ ){0,3}?(?:a nouveau|de nouveau)|desabonne\w* par erreur|desinscri\w* par erreur|"
        r"annul\w* (?:mon|ma|notre) (?:desabonnement|desinscription)"
    ),
    "nl": (
        r"(?:weer|opnieuw|terug) (?:\S+ ){0,5}?(?:aanmelden|inschrijven|toevoegen|opnemen|ontvangen|krijgen|abonneren|"
        r"op de "
        r"(?:mailing)?lijst|sturen)|(?:zet|schrijf|meld|voeg|neem) (?:mij|me|ons) (?:\S+ ){0,4}?(?:weer|opnieuw|terug)|"
        r"(?:stuur|ontvang|krijg)\w* (?:\S+ ){0,5}?(?:weer|opnieuw)|per ongeluk (?:\S+ )?(?:afgemeld|uitgeschreven)|"
        r"(?:afmelding|uitschrijving) (?:\S+ )?(?:ongedaan|terug)\S*"
    ),
    "es": (
        r"(?:vuelv\w+|volver) a (?:\S+ )?(?:recibir|anadir\w*|incluir\w*|suscribir\w*|apuntar\w*|inscribir\w*|"
        r"enviar\w*|"
        r"mandar\w*|agregar\w*|poner\w*|meter\w*)(?: \S+){0,4}|(?:anad|inclu|apunt|inscrib|suscrib|agreg|ponga|"
        r"meta)\w* "
        r"(?:\S+ ){0,4}?(?:de nuevo|otra vez|nuevamente)|resuscrib\w*|(?:de nuevo|otra vez|nuevamente) (?:\S+ ){0,4}?"
        r"(?:anuncios|novedades|boletin|lista)|(?:recibir) (?:\S+ ){0,4}?(?:de nuevo|otra vez|nuevamente)|"
        r"me di de baja (?:por error|sin querer)|anul\w* (?:mi|la|nuestra) baja"
    ),
})  # fmt: skip
