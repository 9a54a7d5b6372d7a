"""What people write below an announcement beside yes and no: that an answer is to come, or who else is to be asked."""

from __future__ import annotations

from bot.readers.finer.moods import patterns
from bot.readers.finer.sentences import pattern

LATER = patterns({
    "en": (
        r"(?:we'll|i'll|will|we) (?:confirm|revert|decide|respond|answer)(?! (?:that|the|your))|give (?:me|us) until|"
        r"not before \w+|(?:get|come|be|circle|revert|report) (?:right )?back (?:to (?:you|u)|with (?:an answer|you)|"
        r"on (?:this|that|"
        r"it))|"
        r"revert to you|(?:let|tell) (?:you|u) (?:know|(?:next|in|by|on|after|before|later|tomorrow|asap|soon))|"
        r"(?:reply|answer|respond|decide|confirm|reconfirm|tell you|say|look at (?:this|it|that)|know|see)(?: (?:to "
        r")?(?:this|"
        r"that|it|you|properly|more))* (?:later|tomorrow|next (?:week|month|time we|monday|tuesday|wednesday|thursday|"
        r"friday)|in (?:a|the next) (?:few )?\w+|after (?:the|my|our)|by (?:the )?\w+|soon|shortly|when i)|"
        r"(?:you'll|you will) (?:hear from|get (?:an|our|my) (?:answer|reply)|have (?:an|our|my) (?:answer|reply))|"
        r"(?:need|give (?:me|us)|want|take) (?:a (?:bit|little|few|couple)|some|more|another)(?: of)?(?: more)? "
        r"?(?:time|days?|"
        r"weeks?|hours?)|"
        r"(?:ask|ping|remind|nudge|chase|check with|write) (?:me|us) (?:again|later|next|in|after|on)|"
        r"(?:answer|reply|decision|response) (?:will )?(?:follow|come)s?|to follow|tb[cda]|later on|"
        r"keep you posted|in due course|can't (?:say|tell|answer|commit|confirm)(?: \w+){0,2} yet|too early to (?:say|"
        r"tell)|"
        r"have(?:n't| not) (?:decided|had (?:the )?time)(?: \w+){0,4}|watch this space"
    ),
    "de": (
        r"meld\w* (?:wir|ich) (?:uns|mich)|entscheid\w* (?:\S+ ){0,3}erst|meld\w* (?:mich|uns)(?! (?:\w+ ){0,2}(?:an|"
        r"ab)(?:[.,!]|$))|(?:mich|uns) (?:\S+ ){0,6}?(?:noch "
        r")?(?:zurück)?melden|"
        r"komm\w* (?:\S+ ){0,4}?(?:darauf|drauf) zurück|(?:darauf|drauf) (?:\S+ ){0,3}?zurück(?:kommen|zukommen)|"
        r"(?:gebe?n?|gib\w*|sag\w*) (?:\S+ ){0,6}?bescheid|bescheid (?:geben|sagen)|geb\w* (?:\S+ ){0,4}?rückmeldung|"
        r"(?:antwort\w*|rückmeldung|entscheidung|zusage) (?:\S+ ){0,4}?(?:folgt|kommt|später|nach|steht noch aus)|"
        r"(?:antwort\w*|entscheid\w*|sag\w*|beantwort\w*|klär\w*|schau\w*|seh\w*) (?:\S+ ){0,6}?(?:später|"
        r"nächste[nrs]? "
        r"\w+|morgen|in (?:ein paar|den nächsten|zwei|einigen) \w+|nach (?:dem|der|meinem|unserem) \w+|kommende \w+)|"
        r"(?:brauch\w*|benötig\w*) (?:\S+ ){0,4}?(?:zeit|bedenkzeit|tage)|(?:noch )?(?:ein paar|einige) tage|"
        r"(?:frag\w*|erinner\w*) (?:\S+ ){0,4}?(?:nochmal|noch mal|nochmals|später|nächste)|"
        r"(?:kann|können) (?:\S+ ){0,5}?noch nicht(?:s)? (?:\S+ ){0,3}?(?:sagen|zusagen|beantworten|entscheiden)|"
        r"später mehr|hör\w* (?:\S+ ){0,3}?von (?:mir|uns)"
    ),
    "fr": (
        r"(?:donnez|laissez)-(?:moi|nous) (?:\S+ ){0,5}temps|decision sera|"
        r"(?:je|nous|on) (?:vous|te) (?:re)?(?:dis|disons|dirai|dirons|dit|tiens|tiendr\w+|recontacte\w*|reviens|"
        r"revenons|"
        r"repond\w*|confirme\w*|ferai|fais|ferons|reponds)(?! (?:que|non|oui))(?: \S+){0,8}|(?:je|nous|on) (?:reviens|"
        r"revenons|reviendr\w+|revient) (?:vers|a) (?:vous|toi)|(?:vous|te) (?:tenir|tiendr\w+|tenons) au courant|"
        r"(?:revenir|reviendr\w+) (?:vers|a) (?:vous|toi)|(?:reponse|confirmation|decision) (?:\S+ )?(?:suivra|a venir|"
        r"suit|"
        r"plus tard|prochainement|la semaine)|(?:repond|decid|confirm|verr)\w* (?:\S+ ){0,4}?(?:plus tard|la semaine|"
        r"le mois|"
        r"demain|dans (?:quelques|deux|les)|d'ici|prochain\w*|apres)|(?:besoin|laissez|donnez)\S*(?: \S+){0,3} "
        r"(?:temps|jours)|(?:relancez|redemandez|rappelez)\S*|vous aurez (?:ma|notre|une) reponse|(?:vous|"
        r"te) donn\w+ (?:ma|notre|une) reponse|"
        r"(?:ne )?(?:peux|pouvons|peut) pas encore (?:\S+ ){0,3}?(?:dire|repondre|confirmer|m'engager|nous engager)|"
        r"trop tot pour"
    ),
    "nl": (
        r"kom\w* (?:\S+ ){0,6}?op terug|kom\w* (?:\S+ ){0,6}?(?:er(?: nog)?(?: \S+){0,3} op|hierop|daarop|bij (?:je|u|"
        r"jullie)) (?:\S+ ){0,2}?terug|"
        r"(?:er|hierop|daarop) (?:\S+ ){0,4}?(?:op )?terug(?:komen)?|laat\w* (?:\S+ ){0,6}?weten|laten (?:\S+ "
        r"){0,6}?weten|"
        r"(?:antwoord|reactie|bevestiging|beslissing) (?:\S+ ){0,2}?(?:volgt|komt|later)|"
        r"(?:antwoord|reageer|beslis|bekijk|hoor|zie)\w* (?:\S+ ){0,6}?(?:later|volgende \w+|morgen|binnenkort|over "
        r"(?:een "
        r"paar|enkele) \w+|na (?:het|de|mijn|ons) \w+)|(?:heb|hebben|geef|nodig) (?:\S+ ){0,4}?(?:tijd|dagen|"
        r"bedenktijd) "
        r"?(?:nodig)?|(?:vraag|herinner) (?:\S+ ){0,4}?(?:nog eens|later|volgende|opnieuw)|"
        r"kan (?:\S+ ){0,4}?nog (?:niets|niet|geen) (?:\S+ ){0,3}?(?:zeggen|toezeggen|beloven|antwoord\w*)|"
        r"(?:u|je|jullie) hoort? (?:\S+ ){0,4}?(?:van (?:mij|me|ons)|uiterlijk|nog|later|binnenkort|morgen)"
    ),
    "es": (
        r"(?:se|te|os) l[oa]s? (?:confirm|dig|dir)\w*|(?:contest|respond|confirm|decid)\w*emos|(?:den|dad|de|deme|"
        r"danos)\w* (?:\S+ ){0,5}tiempo|noticias (?:nuestras|mias)|(?:te|le|les|os) (?:digo|decimos|dire|diremos|aviso|"
        r"avisamos|avisare|avisaremos|confirmo|confirmamos|"
        r"confirmare|"
        r"confirmaremos|contesto|contestamos|contestare|respondo|respondemos|respondere|responderemos|comento|"
        r"comentamos|"
        r"cuento|mantengo|mantendre\w*)(?! que)|(?:avisar|confirmar|responder|contestar)(?:te|le|les|os|emos|e)? "
        r"(?:\S+ ){0,4}?(?:mas tarde|mas adelante|la semana|manana|el lunes|en (?:unos|los)|pronto|luego|despues)|"
        r"(?:respuesta|confirmacion|decision) (?:\S+ ){0,2}?(?:mas adelante|mas tarde|pronto|la semana)|"
        r"(?:necesit|dame|denme|deme|danos|dennos|dadnos)\w* (?:\S+ ){0,3}?(?:tiempo|dias)|"
        r"(?:pregunt|recuerd|recuerd)\w* (?:\S+ ){0,3}?(?:otra vez|de nuevo|mas tarde|la semana|luego)|"
        r"(?:vuelvo|volvemos|volvere|volveremos) a (?:escribir|contactar|decir)\w*|"
        r"(?:todavia|aun) no (?:puedo|podemos|se puede) (?:decir|confirmar|responder|contestar|comprometer)\w*|"
        r"(?:lo|la) (?:vemos|veo|miro|miramos|decid\w+) (?:\S+ ){0,2}?(?:la semana|mas|luego|manana|el lunes)|"
        r"demasiado pronto para|tendra\w* (?:mi|nuestra|una) respuesta"
    ),
})  # fmt: skip

HEDGED = pattern(
    r"may ?be|perhaps|possibly|probably|probable|not sure|unsure|depends?|depending|might|fifty|50|half|tentativ\w*|"
    r"leaning|vielleicht|eventuell|evtl|jein|wahrscheinlich|unsicher|nicht sicher|hängt|halb\w*|möglicherweise|"
    r"peut-etre|pas sur\w*|depend|depends|probablement|sans doute|misschien|wellicht|waarschijnlijk|niet zeker|hangt|"
    r"mogelijk|eventueel|quiza\w*|tal vez|a lo mejor|depende|no (?:estoy|estamos) segur\w*|probablemente|puede que|"
    r"puede ser"
)
"""Words of a maybe: whoever is undecided has answered, however soon he wants to say more."""

NOT_MINE = patterns({
    "en": (
        r"wrong (?:person|address(?:ee)?|contact|guy|lady|inbox|mailbox|department)|(?:not|isn't|aren't|wasn't) "
        r"(?:really )?(?:my|our|mine|in my|in our|within my) (?:department|area|responsibilit\w+|job|remit|call|topic|"
        r"thing|"
        r"field|team|business|decision|desk|table|role|patch)|(?:not|n't|no longer) (?:\w+ )?(?:the right|the) "
        r"(?:person|"
        r"contact|one|address)|(?:not|no longer|n't) (?:\w+ )?(?:responsible|in charge|involved|dealing|the contact|"
        r"handling|"
        r"looking after)|not for me|(?:doesn't|does not) (?:concern|fall to|sit with) (?:me|us)|isn't (?:for me|mine)|"
        r"nothing to do with (?:this|that|me)|barking up|(?:have|has) (?:taken|took) (?:this|it|that) over from me|"
        r"don't (?:handle|deal with|look after|do) (?:this|that|these|it|partner\w*|events?|marketing)|"
        r"i (?:only|just) (?:do|handle|look after|deal with) (?:the )?\w+|better off (?:with|asking|contacting|writing)"
    ),
    "de": (
        r"(?:habe|haben|hab) (?:ich|wir) (?:\S+ )?nichts zu tun|(?:falsche[rn]?|verkehrte[rn]?) (?:person|"
        r"ansprechpartner\w*|adresse|adressat\w*|stelle|postfach|kontakt|"
        r"abteilung|"
        r"frau|mann)|nicht (?:\S+ ){0,2}?(?:zuständig|verantwortlich|mein\w* (?:bereich|abteilung|thema|gebiet|ressort|"
        r"aufgabe|baustelle|bier)|der richtige|die richtige|mehr zuständig)|(?:bin|sind|ist) (?:\S+ ){0,4}?(?:nicht|"
        r"nimmer) "
        r"(?:\S+ )?(?:zuständig|der richtige\w*|die richtige\w*)|(?:fällt|gehört) nicht (?:in|zu) (?:mein\w*|unser\w*)|"
        r"betrifft mich nicht|geht mich nichts an|bin ich nicht (?:\S+ )?(?:zuständig|der richtige|die richtige)|"
        r"damit (?:\S+ ){0,3}?nichts zu tun|an (?:der|die) falsche\w*|bin ich (?:\S+ )?(?:der|die) falsche|"
        r"ich bin (?:\S+ ){0,2}?(?:der|die) falsche"
    ),
    "fr": (
        r"(?:mauvais\w*) (?:personne|interlocut\w+|adresse|destinataire|service|contact)|pas (?:\S+ )?(?:mon|notre|ma|"
        r"de mon|"
        r"de ma|dans mon|dans mes) (?:service|domaine|ressort|departement|role|perimetre|responsabilite|rayon|"
        r"attributions|"
        r"competence)|pas (?:\S+ )?(?:la bonne personne|le bon (?:interlocuteur|contact|destinataire|service)|la bonne "
        r"adresse|la bonne interlocutrice)|(?:pas|plus) (?:\S+ )?(?:responsable|en charge|moi qui|charge\w* de (?:ce|"
        r"ca|cela))|"
        r"ne (?:me|nous) concerne pas|ne (?:releve|depend) pas de (?:moi|mon|nous|notre)|rien a voir avec|"
        r"trompe\w* de (?:personne|destinataire|contact|service)|ne m'occupe (?:pas|plus)"
    ),
    "nl": (
        r"de verkeerde|valt (?:\S+ )?niet onder (?:mij|mijn|ons)|(?:verkeerde) (?:persoon|adres|contactpersoon|"
        r"afdeling|mailbox|aanspreekpunt)|niet (?:\S+ )?(?:mijn|onze) "
        r"(?:afdeling|"
        r"terrein|gebied|taak|verantwoordelijkheid|werk|ding|pakkie-an|domein|bevoegdheid)|niet (?:\S+ ){0,2}?(?:de "
        r"juiste|"
        r"verantwoordelijk|de aangewezen|bij mij|voor mij|aan mij)|ga\w* (?:ik|wij|we) niet (?:over|meer over)|"
        r"niet (?:meer )?over (?:ga|gaan)|(?:ga|gaan) (?:\S+ ){0,2}?(?:hier )?niet (?:meer )?over|hier niet over|"
        r"(?:niets|niks) mee te maken"
    ),
    "es": (
        r"(?:persona|direccion|contacto|buzon|departamento) (?:equivocad\w+|incorrect\w+|erroneo)|no (?:es|soy|somos|"
        r"seria) "
        r"(?:\S+ )?(?:mi|la persona|el contacto|el responsable|la responsable|responsable\w*|quien|quienes|el indicado|"
        r"la "
        r"indicada|cosa|mio|asunto|de mi|nuestro|competencia)(?: (?:departamento|area|competencia|tema|adecuad\w+|"
        r"indicad\w+|"
        r"correct\w+))?|no me (?:corresponde|compete|toca|ocupo|encargo)|no (?:llevo|llevamos|gestiono|decido) (?:yo )?"
        r"(?:es[oet]\w*|el tema)|ya no (?:llevo|me encargo|me ocupo)|no (?:tengo|tiene) nada que ver|se ha\w* "
        r"equivocado"
    ),
})  # fmt: skip
"""Whoever says so is the wrong one to ask, whether he names another or not."""

ASK_ANOTHER = patterns({
    "en": (
        r"(?:please |pls |better |best |should |rather |just |kindly |to )*(?:off with|ask|contact|write(?: to)?|"
        r"e-?mail|ping|"
        r"speak (?:to|"
        r"with)|talk to|address|reach out to|get in touch with|check with|try|(?:send|direct|address|forward|refer) "
        r"(?:this|it|"
        r"that|these|those|all (?:this|that))(?: \w+)? to|(?:is|are) (?:a matter |one )?for)(?= )"
    ),
    "de": (
        r"(?:macht|übernimmt|entscheidet|erledigt|betreut)(?: das)? bei uns(?= )|(?:bitte |besser |lieber |am besten |"
        r"doch )*(?:frag\w*|kontaktier\w*|wend\w* (?:sie sich |euch |dich "
        r")?(?:bitte )?"
        r"(?:doch )?an|schreib\w*(?: sie)?(?: bitte)?(?: an)?|(?:schick|send|leit)\w* (?:sie )?(?:das|es|dies\w*|so "
        r"etwas|"
        r"sowas)(?: bitte)? (?:an|weiter an)|zuständig ist|ansprechpartner\w* ist)(?= )"
    ),
    "fr": (
        r"(?:merci de |veuillez |il faut |mieux vaut )*(?:demand\w+ (?:plutot )?a|contact\w+|adress\w+(?:-vous)? "
        r"(?:plutot )?"
        r"(?:a|cela a|ca a)|(?:voyez|voir)(?: plutot)?(?: ca| cela)? avec|ecri\w+ (?:plutot )?a|(?:envoy|transf|"
        r"transm)\w+(?:-le)?"
        r"(?: \w+)? a|c'est plutot|responsable est)(?= )"
    ),
    "nl": (
        r"(?:kun\w* u |kan je )?beter(?= )|(?:moet u|moeten jullie) (?:\S+ )?bij|probeer(?= )|(?:graag |gelieve |beter "
        r"|liever |best )*(?:vraag\w* (?:het )?(?:aan)?|contacteer\w*|neem contact op met|"
        r"mail\w*|"
        r"schrijf\w*|(?:stuur|richt|zend)\w* (?:dit|het|deze)?(?: \w+)? ?(?:naar|aan|tot)|benader\w*|wend u tot|"
        r"spreek)(?= )"
    ),
    "es": (
        r"quien (?:decide|lo lleva|se encarga) es(?= )|(?:por favor |mejor |es mejor |conviene )*(?:pregunt\w+ "
        r"(?:mejor )?a|contact\w+ (?:con|a)?|escrib\w+ "
        r"(?:mejor )?a|"
        r"habl\w+ (?:mejor )?con|dirij\w+(?:se)? a|dirig\w+ a|(?:envi|mand|reenvi)\w+(?:lo|selo)? a|pongase en "
        r"contacto con|"
        r"consult\w+ (?:a|con)|(?:lo|eso|esto) (?:lleva|gestiona|decide))(?= )"
    ),
})  # fmt: skip
"""Words before the name or the address of whoever is to be asked instead."""

HANDLES_IT = pattern(
    r"(?:handles|takes care of|looks after|is in charge of|is responsible for|is the (?:right )?(?:one|person|contact)|"
    r"does|deals with|decides|runs|owns) (?:\w+ )?(?:this|that|these|it|such|those|events|all|for|the right|now)?|"
    r"(?:kümmert sich|ist (?:dafür|hierfür|bei uns)? ?(?:\w+ )?zuständig|macht das|entscheidet das|übernimmt das|"
    r"betreut)|"
    r"(?:s'en occupe|s'occupe de|qui gere|est (?:la bonne personne|le bon contact|responsable|en charge)|qui decide)|"
    r"(?:gaat (?:hier|daar|er|hierover|daarover)(?: \w+)?|regelt (?:dit|dat)|is (?:hiervoor )?verantwoordelijk|doet "
    r"(?:dit|dat)|"
    r"beslist)|(?:se encarga|se ocupa|lleva (?:estos|esto|eso)|es (?:quien|la persona|el responsable|la responsable)|"
    r"lo decide|lo gestiona)"
)
"""Words behind the name of whoever is to be asked instead."""

GONE_MYSELF = pattern(
    r"(?:i|we) (?:have |am |'ve |no |just )*(?:left|no longer work\w*(?: at| for)?|am no longer (?:with|at|working|"
    r"employed)|"
    r"don't work (?:there|here|at \S+|for \S+) any ?more|quit|resigned|retired)(?! (?:a |you |the (?:office|building|"
    r"room) ))"
    r"|i'(?:m|ve) (?:no longer (?:with|at|working|employed)|left|retired|since left|moved on)|"
    r"(?:bin|arbeite) (?:ich )?(?:\S+ ){0,3}?nicht mehr (?:\S+ ){0,2}?(?:bei|für|im unternehmen|in der firma|tätig|"
    r"dabei)|"
    r"ich (?:\S+ ){0,4}?(?:ausgeschieden|in rente|im ruhestand)(?! (?:in|ab|am))|ich habe (?:\S+ ){0,4}?verlassen|"
    r"je ne (?:travaille|suis|fais) plus (?:chez|dans|pour|partie|en poste|salarie)|j'ai quitte (?:la|l'|mon|notre)?|"
    r"je suis (?:parti\w*|a la retraite|retraite\w*)(?! (?:dans|en|fin|le|a partir))|"
    r"(?:ik )?(?:werk|ben) (?:ik )?(?:\S+ ){0,2}?niet (?:meer|langer) (?:\S+ ){0,2}?(?:bij|voor|in dienst|werkzaam)|"
    r"ik ben (?:\S+ ){0,2}?(?:met pensioen|uit dienst|weg bij)|ik heb (?:\S+ ){0,3}?verlaten|"
    r"ya no (?:trabajo|estoy|formo parte)(?: \S+){0,2}|he dejado (?:la empresa|\S+)|me he (?:jubilado|ido|marchado)|"
    r"estoy jubilad\w|"
    r"i(?:'m| am|'ll be| will be)? (?:leav(?:e|ing)|finish(?:ing)?(?: up)?) (?:with |at )?(?:\S+ ){0,3}?(?:at the |"
    r"by the )?"
    r"end of (?:the|this|next) (?:month|year|week|quarter)|(?:is )?my last (?:working )?day (?:here|with|at)|"
    r"i(?:'m| am) leaving (?:the (?:company|firm|business)|us)|"
    r"ich verlasse (?:\S+ ){0,4}?(?:die firma|das unternehmen|den betrieb)|verlasse ich (?:\S+ ){0,2}?(?:die firma|"
    r"das unternehmen|den betrieb)|ich scheide (?:\S+ ){0,5}?aus|scheide ich (?:\S+ ){0,5}?aus|"
    r"arbeite (?:ich )?(?:\S+ )?nur noch bis|mein letzter (?:arbeits)?tag|"
    r"je (?:vais )?quitte(?:r|rai)? (?:l'entreprise|la (?:societe|boite)|mon poste)|je ne travaillerai plus|"
    r"mon dernier jour (?:de travail|chez|dans)|(?:ik )?(?:werk|ben) (?:ik )?(?:hier|er|daar) niet (?:meer|langer)|"
    r"ik (?:stop|vertrek) (?:\S+ ){0,4}?bij|(?:stop|vertrek) ik (?:\S+ ){0,3}?bij|"
    r"ik verlaat (?:\S+ ){0,3}?(?:het bedrijf|de "
    r"firma)|ik ga (?:\S+ ){0,4}?weg bij|mijn laatste (?:werk)?dag|"
    r"ya no (?:trabajare|estare|formare parte)|(?:dejo|voy a dejar) la empresa|me voy de la empresa|mi ultimo dia"
)
"""Somebody says of himself that he is there no longer."""
