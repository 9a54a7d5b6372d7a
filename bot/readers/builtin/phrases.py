"""More ways to say the meanings of `lexicon`: everyday turns of phrase in five languages."""

from __future__ import annotations

PHRASES: dict[str, str] = {
    "register": (
        r"lock (?:it|this|them|that)|block(?:ing|en|er|ez|ear)?|bloqu\w*|apart\w*|vastzetten|"
        r"op (?:onze|mijn) naam|auf unseren namen|à notre nom|a nuestro nombre|in our name|under our name|"
        r"put us down|eintrag\w*|reklamier\w* für uns|dar de alta|alta\b|registr\w*|log (?:it|this|a deal)|"
        r"new (?:deal|opportunity)|opportunit\w*|nouvelle affaire|neue[rs]? (?:deal|kunde)|"
        r"nieuwe (?:deal|klant)|nueva oportunidad|dossier"
    ),
    "refer": (
        r"not for us|nichts für uns|pas pour nous|niet(?:s)? voor ons|no es para nosotros|"
        r"you (?:take|handle|run with) (?:it|this|them)|take (?:it|them|her|him) (?:on|over)|over to you|"
        r"yours to (?:work|pursue|chase)|macht ihr|übernehmt|à vous de jouer|c'est pour vous|voor jullie|"
        r"neem\w* (?:jullie )?contact|para ustedes|para vosotros|se los? paso|os lo paso|recommend\w*|"
        r"empfehl\w*|recommand\w*|tippgeber|introduc\w*|refer\w*"
    ),
    "status": (
        r"hängt|klemmt|hangt|traîne|atascad\w*|stuck|any (?:word|movement|progress)|"
        r"heard (?:anything|back|nothing)|pending|schon (?:was|etwas)|gibt(?:'s| es) (?:was|etwas|schon|neues)|"
        r"wie weit|où ça en est|du nouveau|avanc\w*|al (?:iets|nieuws)|hoe ver|alguna noticia|"
        r"hay (?:algo|novedad\w*)|progress|submitted|eingereicht|bestätig\w*|confirmation"
    ),
    "tier": (
        r"gold|silver|silber|platin\w*|next (?:tier|level)|nächste stufe|rang|rank|promot\w*|downgrade\w*|"
        r"herabgestuft|niveau supérieur|trede|volgend niveau|subir de|catégorie"
    ),
    "commission": (
        r"cut\b|share\b|kickback|prozente|anteil|pourcentage|percentage|porcentaje|por ciento|eligible|anspruch|"
        r"sourced|influenced|clawback|vergütung\w*|rémunér\w*|vergoeding\w*|how much (?:do|would|will|is)|"
        r"wie ?viel (?:krieg|bekomm|gibt)|combien (?:on|je|nous|ça)|hoeveel (?:krijg|verdien)|"
        r"cuánto (?:me|nos|gan|cobr|toca)"
    ),
    "payout": (
        r"money (?:is|in|arriv\w*)|bank\b|iban|konto|compte|rekening|cuenta|remit\w*|due date|fällig\w*|"
        r"échéance|wann kommt|quand (?:tombe|arrive)|wanneer (?:komt|krijg)|cuándo (?:llega|entra|cae|nos)|"
        r"outstanding|waiting for (?:the|our) (?:money|payment)|gestort|gutgeschrieben|überweis\w*|depósito|"
        r"deposit\w*|abonad\w*"
    ),
    "invoice": (r"rechnungsnummer|rnr\b|our bill|bill\b|nota\b|minuta"),
    "wrong": (
        r"off by|too (?:low|little|much)|don'?t agree|disagree|recheck|check again|should be|should have been|"
        r"not (?:on|in) (?:the|our) statement|correct (?:it|this|the)|korrig\w*|korrektur|nachrechnen|"
        r"passt nicht|abweich\w*|differenz|rectif\w*|corrig\w*|écart|pas d'accord|ne colle pas|corrigeer\w*|"
        r"verschil|klopt (?:er )?(?:iets )?niet|ontbreekt|no cuadra|no coincide|diferencia|revis\w*|missed"
    ),
    "content": (
        r"comparison\w*|comparati\w*|vergleich\w*|vergelijk\w*|guide\b|handbuch|manual\w*|mode d'emploi|"
        r"handleiding|leitfaden|video\w*|vidéo\w*|webinar\w*|agreement|vereinbarung|"
        r"contrat(?:o)? (?:de )?(?:partenaire|socio)|overeenkomst|deckblatt|factsheet\w*|sheet\b|pitch\w*|"
        r"schicken|send (?:me|us) (?:the|a)|envoyer|sturen|enviar\w*|mandar\w*|link\b|enlace|lien\b|download\w*|"
        r"descarg\w*|télécharg\w*|argumentaire|referenz\w*|referenc\w*|foto\w*|images?|banner\w*|mustervertrag|"
        r"muster\b|modèle\b|plantilla\w*|sjabloon|precios|prix\b|preise|prijzen|prices?"
    ),
    "training": (
        r"class\b|classes|workshop\w*|learn\w*|lernen|lerngang|lehrgang|weiterbildung\w*|academy|akademie|"
        r"académie|accredit\w*|akkredit\w*|badge\w*|lesson\w*|apprendre|inscription|cursist\w*|leren\b|aprender|"
        r"formaci\w*|capacit\w*|taller\w*|zeugnis|diplom\w*|anmelden für|seminar\w*|seats? (?:in|on) the course"
    ),
    "human": (
        r"real person|echte[rn]? mensch\w*|vraie personne|echt mens|persona real|manager\b|account manager|"
        r"ansprechpartner\w*|phone\b|telefon\w*|téléphone\w*|telefoon\w*|teléfono|call\b|appointment|sit down|"
        r"zusammensetzen|kaffee|coffee|café|koffie|videocall|zoom|teams\b|slot\b|minuten|minutes?|escalat\w*|"
        r"beschwer\w*|plainte|klacht|queja|face to face|reden\b|parler|praten|spreken|cita\b|quedar|vernos|"
        r"nous voir|bot\b|robot\w*|maschine|machine"
    ),
    "stop": (
        r"no more|stop\b|spam\w*|werbung|rundmail\w*|publicit\w*|reclame|publicidad|raus(?:nehmen)?|"
        r"nicht mehr (?:schicken|senden|anschreiben)|keine weiteren|arrêtez|cessez|"
        r"plus (?:de|vos) (?:mails?|annonces|messages)|stoppen|niet meer (?:sturen|mailen)|dejen de|dejad de|"
        r"no me (?:envi|mand)\w*|mails? mehr|delist|distribution list"
    ),
    "taken": (
        r"someone (?:else )?(?:already )?(?:on|has)|schon (?:jemand|vergeben|registriert)|"
        r"already (?:registered|yours|a customer|a client)|belegt|déjà (?:pris|client|enregistr\w*|chez vous)|"
        r"al (?:klant|bezet|geregistreerd)|ya (?:es cliente|está registrad\w*|tiene dueño)|clash|konflikt|"
        r"conflict\w*"
    ),
    "rule": (
        r"polic\w*|richtlinie\w*|condition\w*|bedingung\w*|voorwaarde\w*|condicion\w*|expire\w*|läuft ab|"
        r"abläuft|expir\w*|verloop\w*|vence\w*|caduc\w*|can (?:i|we)|können wir|peut-on|on peut|kunnen we|"
        r"podemos|se puede|what happens|was passiert|que se passe|wat gebeurt|qué pasa|require\w*|voraussetz\w*|"
        r"exig\w*|requisit\w*|vereist\w*|does (?:core|connect|insights|assist|lumora)|integrat\w*|"
        r"schnittstelle\w*|interface|gdpr|dsgvo|rgpd|avg\b|hosting|server\w*|api\b|sso\b"
    ),
    "won": (
        r"landed|closed it|got it\b|they (?:said yes|signed)|zugesagt|auftrag (?:da|erteilt|erhalten)|"
        r"haben (?:wir )?(?:ihn|sie|den)|c'est bon|dans la poche|ils ont signé|akkoord|rond\b|gelukt|lo tenemos|"
        r"cerrad[oa]|adjudicad\w*|contract signed"
    ),
    "lost": (
        r"gone\b|fell through|killed|no longer|abgelehnt|entschieden sich (?:für|gegen)|raus\b|vom tisch|"
        r"refus\w*|tombe à l'eau|parti chez|afgewezen|afgehaakt|afgeketst|rechaz\w*|se fueron con|descart\w*|"
        r"no va\b|chose (?:another|someone)"
    ),
    "hold": (
        r"postpon\w*|delay\w*|repouss\w*|report(?:é|ée|er)\b|uitgesteld|uitstel\w*|on ice|geparkt|pausier\w*|"
        r"parad[oa]|frenad[oa]|budget freeze"
    ),
    "thanks": (
        r"appreciate\w*|great (?:job|work|help)|super\b|perfekt|parfait|top\b|perfect\w*|dankbar|lieb von|"
        r"obrigad\w*|grazie|agrade\w*|verstanden|understood|noted|alles klar|reçu|ontvangen|recibido|received"
    ),
}
